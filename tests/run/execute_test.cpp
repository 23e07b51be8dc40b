// SPDX-License-Identifier: MIT
#include <millrace/run/execute.hpp>

#include <array>
#include <cstdint>
#include <vector>

#include <millrace/dsl/sentence.hpp>

#include "support/catch.hpp"
#include "support/fake_platform.hpp"

namespace mr = millrace;

namespace {

using sequences = std::array<mr::sequence, 4>;

/// Four stages; the third takes batches, so a run of all is three bodies. Stage `at_stage` throws at event `at_event`.
struct work {
  int at_stage = -1;
  std::uint64_t at_event = 0;
  std::array<std::vector<std::uint64_t>, 4> seen{};
  std::vector<mr::sequence> last{};

  void note(std::size_t stage, std::uint64_t e) {
    if (static_cast<int>(stage) == at_stage && e == at_event) throw 1;
    seen[stage].push_back(e);
  }
  auto pipeline() {
    return mr::from<std::uint64_t>()                                                                        //
           | mr::tap<"a">([this](std::uint64_t e) { note(0, e); })                                          //
           | mr::tap<"b">([this](std::uint64_t e) { note(1, e); })                                          //
           | mr::tap<"c">([this](mr::batch<std::uint64_t const> b) { for (auto e : b) note(2, e); }, mr::in_batches)  //
           | mr::tap<"d">([this](std::uint64_t e, mr::at at) { if (at.last_of_batch) last.push_back(at.sequence); note(3, e); });
  }
};
template <typename Pipeline>
struct bench {
  using segment = mr::segment<Pipeline>;
  explicit bench(Pipeline&& p) : pipeline{std::move(p)} {
    slots.allocate(mr::capacity{2048}, [](void*, std::size_t) {});
    line = {.slots = &slots, .nodes = &pipeline.nodes, .from = &pipeline.from, .mask = 2047, .error = nullptr};
    for (std::size_t i = 0; i < 2048; ++i) mr::get<0>(slots.columns)[i] = i;
  }
  Pipeline pipeline;
  typename segment::slot_layout slots;
  mr::line<segment> line{};
};

}  // namespace

TEST_CASE("a run of several bodies goes block by block and reaches the end in every stage") {
  work w;
  bench b{w.pipeline()};
  sequences at{};
  mr::execute(b.line, mr::body_table<decltype(b)::segment>::compose(0, 4), at, 0, 1500);
  CHECK(at == sequences{1500, 1500, 1500, 1500});
  for (auto const& s : w.seen) {
    REQUIRE(s.size() == 1500);
    for (std::size_t i = 0; i < s.size(); ++i) REQUIRE(s[i] == i);
  }
  CHECK(w.last == std::vector<mr::sequence>{1499});  // blocks are not batches
}

TEST_CASE("a throw leaves every stage where it stands") {
  auto const stage = GENERATE(0, 1, 2, 3);
  auto const event = GENERATE(std::uint64_t{0}, 5, 700, 1499);
  CAPTURE(stage, event);
  work w{.at_stage = stage, .at_event = event};
  bench b{w.pipeline()};
  sequences at{};
  mr::execute(b.line, mr::body_table<decltype(b)::segment>::compose(0, 4), at, 0, 1500);
  REQUIRE(b.line.failed);
  CHECK(b.line.failed_stage == static_cast<std::size_t>(stage));
  for (std::size_t s = 0; s < 4; ++s) {
    CAPTURE(s);
    if (s == 2 && stage == 2) CHECK(at[s] <= static_cast<mr::sequence>(event));  // a batch that throws counts as not done
    else if (static_cast<int>(s) == stage) CHECK(at[s] == static_cast<mr::sequence>(event));
    if (!(s == 2 && stage == 2)) CHECK(at[s] == static_cast<mr::sequence>(w.seen[s].size()));
  }
}

TEST_CASE("stage by stage gives the same, and says what each took") {
  support::fake_platform::begin();
  work w;
  bench b{w.pipeline()};
  sequences at{};
  std::vector<std::size_t> told;
  auto const end = mr::execute_singly<support::fake_platform>(b.line, 0, 4, at, 0, 100, [&](std::size_t s, std::int64_t n, std::int64_t) {
    told.push_back(s);
    CHECK(n == 100);
  });
  CHECK(end == 100);
  CHECK(at == sequences{100, 100, 100, 100});
  CHECK(told == std::vector<std::size_t>{0, 1, 2, 3});
  for (auto const& s : w.seen) CHECK(s.size() == 100);
}
