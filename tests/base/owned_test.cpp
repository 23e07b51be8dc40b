// SPDX-License-Identifier: MIT
#include <millrace/base/owned.hpp>

#include <utility>

#include <support/catch.hpp>

using millrace::owned;

namespace {

struct counted {
  static inline int alive = 0;
  int value = 0;
  counted() { ++alive; }
  counted(counted const&) = delete;
  auto operator=(counted const&) -> counted& = delete;
  ~counted() { --alive; }
};

struct let_go {
  static inline int times = 0;
  void operator()(int*) const noexcept { ++times; }
};

}  // namespace

TEST_CASE("what is owned goes once, with its last owner") {
  {
    owned<counted> one{new counted};
    owned<counted> other{std::move(one)};
    CHECK(one == nullptr);
    CHECK(other != nullptr);
    CHECK(counted::alive == 1);
    other.reset(new counted);
    CHECK(counted::alive == 1);
    owned<counted> third;
    third = std::move(other);
    CHECK(counted::alive == 1);
    auto* const mine = third.release();
    CHECK_FALSE(third);
    CHECK(counted::alive == 1);
    delete mine;
  }
  CHECK(counted::alive == 0);
}

TEST_CASE("an array that is owned goes as an array") {
  {
    owned<counted[]> three{new counted[3]};
    three[2].value = 7;
    CHECK(three.get()[2].value == 7);
    CHECK(counted::alive == 3);
  }
  CHECK(counted::alive == 0);
}

TEST_CASE("an owner that is moved to itself keeps what it has") {
  owned<int> one{new int{5}};
  auto& same = one;
  one = std::move(same);
  REQUIRE(one);
  CHECK(*one == 5);
}

TEST_CASE("who owns may say how it goes, and is not asked about nothing") {
  int here = 0;
  let_go::times = 0;
  {
    owned<int, let_go> one{&here};
    owned<int, let_go> none;
  }
  CHECK(let_go::times == 1);
}
