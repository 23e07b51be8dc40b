// SPDX-License-Identifier: MIT
#include <millrace/stage/hearing.hpp>

#include <optional>

#include <millrace/dsl/sentence.hpp>

#include "support/catch.hpp"

namespace mr = millrace;
using mr::hook;

namespace {
struct counts_starts {
  int* started;
  void on_start() { ++*started; }
  void operator()(int const&) {}
};
struct hears_nothing {
  void operator()(int const&) {}
};
}  // namespace

TEST_CASE("the handler of a stage is told by its number, and no other") {
  int first = 0, third = 0;
  auto p =
      mr::from<int>() | mr::tap<"a">(counts_starts{&first}) | mr::tap<"b">(hears_nothing{}) | mr::tap<"c">(counts_starts{&third});
  using segment = mr::segment<decltype(p)>;
  static_assert(mr::any_hears<hook::start, segment>() && !mr::any_hears<hook::stop, segment>());
  for (std::size_t stage : {0u, 1u, 2u, 2u, 3u}) mr::tell_stage<hook::start, segment>(p.nodes, stage);
  mr::tell_stage<hook::stop, segment>(p.nodes, 0);
  CHECK(first == 1);
  CHECK(third == 2);
}

TEST_CASE("with an own source stages are counted from it") {
  int started = 0;
  auto p = mr::generate([]() -> std::optional<int> { return {}; }) | mr::tap<"a">(counts_starts{&started});
  using segment = mr::segment<decltype(p)>;
  mr::tell_stage<hook::start, segment>(p.nodes, 0);
  CHECK(started == 0);
  mr::tell_stage<hook::start, segment>(p.nodes, 1);
  CHECK(started == 1);
}
