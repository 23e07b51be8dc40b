// SPDX-License-Identifier: MIT
// A million who wait at the same time, and those who come when there is no place any more.
#include <bit>
#include <cstddef>
#include <vector>

#include <millrace.hpp>

#include "support/catch.hpp"
#include "support/detached.hpp"

#if defined(__SANITIZE_THREAD__)
#define MANY 100'000  // the thread sanitizer takes a minute and 3 GB for a million
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define MANY 100'000
#endif
#endif
#ifndef MANY
#define MANY 1'000'000
#endif

namespace mr = millrace;

namespace {

constexpr int many = MANY, more = 1'000;
constexpr std::size_t slots = std::bit_ceil(std::size_t{many});

template <typename Bound>
auto doubling(Bound replies) {
  return mr::from<int>(mr::many_producers, replies) | mr::map<"double">([](int n) { return 2L * n; });
}

}  // namespace

TEST_CASE("a million futures are under way: one more is refused, each has its own value, and then there is place again") {
  mr::runner run{doubling(mr::replies(many)), {.capacity = slots, .paused = true}};
  auto in = run.input();
  std::vector<mr::future<long>> all;
  all.reserve(many);
  for (int n = 0; n < many; ++n) all.push_back(in.try_submit(n));
  int refused = 0, under_way = 0;
  for (int n = 0; n < more; ++n) refused += in.submit(n).take().why() == mr::status::refused;  // does not wait either: there is room, but no state
  CHECK(refused == more);
  for (auto& f : all) under_way += !f.was_refused() && !f.ready();
  CHECK(under_way == many);
  run.start();
  int right = 0;
  for (int n = 0; n < many; ++n) right += all[static_cast<std::size_t>(n)].get() == 2L * n;
  CHECK(right == many);
  for (int n = 0; n < many; ++n) all[static_cast<std::size_t>(n)] = in.submit(n);  // every state has come back
  right = 0;
  for (int n = 0; n < many; ++n) right += all[static_cast<std::size_t>(n)].get() == 2L * n;
  CHECK(right == many);
  CHECK(run.finish().done == 2 * many);
}

TEST_CASE("a million coroutines wait, bounded by the ring: what finds no room is told, and each is resumed with its own value") {
  mr::loop loop;
  mr::runner run{doubling(mr::replies(1)), {.capacity = slots, .paused = true}};  // they need no states of futures
  auto in = run.input();
  int right = 0, told = 0;
  auto const ask = [&](int n) -> support::detached {
    auto r = co_await in.on(loop).async([n](int& e) { e = n; });
    right += r.has_value() && *r == 2L * n;
    told += r.why() == mr::status::would_block;
  };
  constexpr int fit = static_cast<int>(slots);
  for (int n = 0; n < fit + more; ++n) ask(n);
  CHECK(told == more);
  CHECK(right == 0);
  run.start();
  loop.run_until([&] { return right == fit; });
  CHECK(right == fit);
  CHECK(run.finish().done == fit);
}

TEST_CASE("a million who wait when the pipeline is stopped are told so, each once") {
  int stopped = 0;
  {
    mr::runner run{doubling(mr::replies(many)), {.capacity = slots, .paused = true}};
    auto in = run.input();
    for (int n = 0; n < many; ++n) in.try_submit(n).then([&](mr::reply<long> const& r) { stopped += r.how() == mr::ending::stopped; });
    run.stop();
    static_cast<void>(run.finish());
    CHECK(stopped == many);
  }
  CHECK(stopped == many);
}
