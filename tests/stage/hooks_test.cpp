// SPDX-License-Identifier: MIT
#include <millrace/stage/hooks.hpp>

#include <string>

#include "support/catch.hpp"

namespace mr = millrace;
using mr::hook;

namespace {
struct hears_all {
  std::string heard;
  void on_start() { heard += 's'; }
  auto on_stop() -> int { return heard += 'e', 1; }
  void on_idle() noexcept { heard += 'i'; }
  void on_batch_end() { heard += 'b'; }
  void operator()(int) {}
};
struct hears_one {
  int stopped = 0;
  void on_stop() { ++stopped; }
};
struct hears_nothing {
  int on_start = 0;     // not a function
  void on_stop(int) {}  // wants what nobody gives
  void on_idle() && {}  // not of a handler that stays
};
}  // namespace

TEST_CASE("a handler is told what it has a member function for") {
  hears_all all;
  mr::tell<hook::start>(all);
  mr::tell<hook::batch_end>(all);
  mr::tell<hook::idle>(all);
  mr::tell<hook::stop>(all);
  CHECK(all.heard == "sbie");
  hears_one one;
  mr::tell<hook::start>(one);
  mr::tell<hook::batch_end>(one);
  mr::tell<hook::idle>(one);
  CHECK(one.stopped == 0);
  mr::tell<hook::stop>(one);
  CHECK(one.stopped == 1);
}

TEST_CASE("who hears what is known at compile time") {
  static_assert(mr::hears<hook::start, hears_all> && mr::hears<hook::stop, hears_all> && mr::hears<hook::idle, hears_all> &&
                mr::hears<hook::batch_end, hears_all>);
  static_assert(!mr::hears<hook::start, hears_one> && mr::hears<hook::stop, hears_one> && !mr::hears<hook::idle, hears_one>);
  static_assert(!mr::hears<hook::start, hears_nothing> && !mr::hears<hook::stop, hears_nothing> &&
                !mr::hears<hook::idle, hears_nothing>);
  auto lambda = [](int) {};
  void (*pointer)(int) = lambda;
  static_assert(!mr::hears<hook::start, decltype(lambda)> && !mr::hears<hook::batch_end, void (*)(int)> &&
                !mr::hears<hook::stop, int hears_one::*>);
  mr::tell<hook::start>(lambda);
  mr::tell<hook::stop>(pointer);
  SUCCEED();
}
