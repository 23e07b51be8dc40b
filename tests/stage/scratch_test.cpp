// SPDX-License-Identifier: MIT
#include <millrace/stage/scratch.hpp>

#include <atomic>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>

#include "support/catch.hpp"
#include "support/counted.hpp"

namespace mr = millrace;
using support::counted;
using support::planned_failure;

TEST_CASE("a scratch holds one result at a time, made in its place") {
  counted::begin();
  {
    mr::scratch<counted> s;
    CHECK(counted::made == 0);
    for (int i = 0; i < 5; ++i) {
      s.make([&] { return counted{i}; });
      CHECK((*s).value == i);
      CHECK(counted::made == i + 1);
      CHECK(counted::alive() == 1);
    }
  }
  CHECK(counted::alive() == 0);
  CHECK(counted::wrong == 0);
}

TEST_CASE("a result that could not be made leaves nothing behind") {
  counted::begin();
  {
    mr::scratch<counted> s;
    s.make([] { return counted{1}; });
    CHECK_THROWS_AS(s.make([]() -> counted { throw planned_failure{}; }), planned_failure);
    CHECK(counted::alive() == 0);
    s.make([] { return counted{2}; });
    CHECK((*s).value == 2);
    counted::plan = support::failure_plan{1};
    CHECK_THROWS_AS(s.make([] { return counted{3}; }), planned_failure);
  }
  CHECK(counted::alive() == 0);
  CHECK(counted::wrong == 0);
}

TEST_CASE("a result need not move, be copyable or have a default") {
  struct immovable {
    explicit immovable(int v) : value{v} {}
    immovable(immovable const&) = delete;
    int value;
  };
  mr::scratch<immovable> s;
  s.make([] { return immovable{4}; });
  CHECK((*s).value == 4);
  mr::scratch<std::unique_ptr<int>> p;
  p.make([] { return std::make_unique<int>(5); });
  CHECK(**p == 5);
  struct alignas(128) wide {
    int value;
  };
  mr::scratch<wide> w;
  w.make([] { return wide{6}; });
  CHECK(reinterpret_cast<std::uintptr_t>(&*w) % 128 == 0);
  static_assert(std::is_empty_v<mr::scratch<void>>);
}

TEST_CASE("a small plain handler is copied for the batch and written back after it, thrown or not") {
  struct counter {
    int n = 0;
    double sum = 0;
  } origin;
  {
    mr::hand<counter, true> h{origin};
    CHECK(&h.get() != &origin);
    h.get().n = 3;
    h.get().sum = 1.5;
    CHECK(origin.n == 0);
  }
  CHECK(origin.n == 3);
  CHECK(origin.sum == 1.5);
  try {
    mr::hand<counter, true> h{origin};
    h.get().n = 4;
    throw planned_failure{};
  } catch (planned_failure const&) {
  }
  CHECK(origin.n == 4);
}

TEST_CASE("a lambda that counts goes on counting") {
  auto count = [n = 0]() mutable { return ++n; };
  for (int batch = 0; batch < 3; ++batch) {
    mr::hand<decltype(count), true> h{count};
    h.get()();
    h.get()();
  }
  CHECK(count() == 7);
}

TEST_CASE("what must not be copied is used where it is") {
  SECTION("because it is not plain") {
    std::string text;
    auto append = [text]() mutable -> std::string& { return text += 'x'; };
    mr::hand<decltype(append), true> h{append};
    CHECK(&h.get() == &append);
  }
  SECTION("because it was not asked for") {
    struct plain {
      int n = 0;
    } f;
    mr::hand<plain, false> h{f};
    CHECK(&h.get() == &f);
  }
  SECTION("because others look at it meanwhile: it cannot be copied, however plain its bytes") {
    struct watched {
      std::atomic<int> calls{0};
    } f;
    mr::hand<watched, true> h{f};
    CHECK(&h.get() == &f);
    struct unique {
      unique() = default;
      unique(unique const&) = delete;
      unique(unique&&) = default;
      auto operator=(unique&&) -> unique& = default;
      int n = 0;
    } u;
    mr::hand<unique, true> v{u};
    CHECK(&v.get() == &u);
  }
}

TEST_CASE("handlers without state and pointers have nothing to write back") {
  auto nothing = [](int v) { return v + 1; };
  int (*pointer)(int) = nothing;
  struct with {
    int member = 8;
  } w;
  auto member = &with::member;
  mr::hand<decltype(nothing), true> h{nothing};
  mr::hand<int (*)(int), true> p{pointer};
  mr::hand<int with::*, true> m{member};
  CHECK(h.get()(1) == 2);
  CHECK(p.get()(1) == 2);
  CHECK(w.*m.get() == 8);
}
