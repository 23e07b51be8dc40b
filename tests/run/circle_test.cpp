// SPDX-License-Identifier: MIT
// Runners on crews of their own whose handlers publish into each other, more than there is room for: nobody waits for ever.
#include <atomic>
#include <latch>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include <millrace/dsl/sentence.hpp>
#include <millrace/run/runner.hpp>

#include "support/catch.hpp"

namespace mr = millrace;

namespace {

/// What a runner's handler publishes into; known only when all runners are there.
struct onward {
  mr::status (*publish)(void* into, int event) = nullptr;
  void* into = nullptr;
};
struct counts {
  std::atomic<long> passed{0}, published{0}, blocked{0};
};
/// Of each event two, until they have come far enough.
struct doubles {
  onward* next;
  counts* of;
  void operator()(int n) const {
    for (int i = 0; i < 2 && n > 0; ++i) {
      of->published.fetch_add(1);  // before somebody else can count it as passed
      if (auto const s = next->publish(next->into, n - 1); s != mr::status::ok) of->published.fetch_sub(1), of->blocked.fetch_add(s == mr::status::would_block ? 1 : 0);
    }
    of->passed.fetch_add(1);
  }
};

template <typename From>
void goes_round(From from, std::size_t runners) {
  using pipeline = decltype(from() | mr::tap<"double">(doubles{}));
  using runner = mr::runner<pipeline>;
  using input = decltype(std::declval<runner&>().input());
  struct member {
    onward next;
    mr::workers crew{{.max = 1, .place = {.pin = false}}};
    std::unique_ptr<runner> run;
    std::unique_ptr<input> in;
  };
  counts all;
  std::vector<std::unique_ptr<member>> circle;
  for (std::size_t i = 0; i < runners; ++i) {
    circle.push_back(std::make_unique<member>());
    auto& m = *circle.back();
    m.run.reset(new runner{from() | mr::tap<"double">(doubles{&m.next, &all}), m.crew, {.capacity = 2, .paused = true}});
    m.in = std::make_unique<input>(m.run->input());
  }
  for (std::size_t i = 0; i < runners; ++i)
    circle[i]->next = {[](void* in, int n) { return static_cast<input*>(in)->publish([n](int& e) { e = n; }); }, circle[(i + 1) % runners]->in.get()};
  REQUIRE(circle[0]->in->publish([](int& e) { e = 12; }) == mr::status::ok);
  for (auto& m : circle) m->run->start();
  while (all.passed.load() != all.published.load() + 1) std::this_thread::yield();
  CHECK(all.blocked.load() > 0);  // there is room for a few events, and each one is to become two
  for (auto& m : circle) CHECK(m->run->finish().ok());
}

}  // namespace

TEST_CASE("two runners that publish into each other: whoever would close the circle gets would_block") {
  goes_round([] { return mr::from<int>(); }, 2);
}
TEST_CASE("and of three with several producers each") {
  goes_round([] { return mr::from<int>(mr::many_producers); }, 3);
}
TEST_CASE("two handlers that finish or flush each other's runners: whoever would close the circle throws, and the other comes back") {
  auto const flush = GENERATE(false, true);
  struct ends {
    onward* other;
    std::latch* both;
    void operator()(int) const {
      both->arrive_and_wait();
      static_cast<void>(other->publish(other->into, 0));
    }
  };
  using runner = mr::runner<decltype(mr::from<int>() | mr::tap<"end">(ends{}))>;
  std::latch both{2};
  onward others[2];
  mr::workers here{{.max = 1, .place = {.pin = false}}}, there{{.max = 1, .place = {.pin = false}}};
  runner a{mr::from<int>() | mr::tap<"end">(ends{&others[0], &both}), here};
  runner b{mr::from<int>() | mr::tap<"end">(ends{&others[1], &both}), there};
  others[0].into = &b, others[1].into = &a;
  for (auto& o : others)
    o.publish = flush ? +[](void* run, int) { return static_cast<runner*>(run)->flush(); } : +[](void* run, int) { return static_cast<void>(static_cast<runner*>(run)->finish()), mr::status::ok; };
  REQUIRE(a.input().publish([](int& e) { e = 1; }) == mr::status::ok);
  REQUIRE(b.input().publish([](int& e) { e = 1; }) == mr::status::ok);
  auto const first = a.finish(), second = b.finish();
  CHECK(first.ok() != second.ok());
  CHECK_THROWS_AS((first.ok() ? second : first).rethrow(), mr::bad_call);
}
