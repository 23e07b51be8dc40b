// SPDX-License-Identifier: MIT
#include <millrace/plan/grouping.hpp>

#include <string>
#include <vector>

#include "support/catch.hpp"

namespace mr = millrace;

namespace {

constexpr mr::planned_stage all[] = {{"a"}, {"b"}, {"c"}, {"d"}, {"e"}};
constexpr mr::stage_list stages{all, 5};
/// The worker of each stage: "0011…"; '-' if it has none, '*' if it has several.
auto text(mr::plan const& p) {
  std::string s;
  for (std::size_t k = 0; k < p.stages(); ++k) {
    char c = '-';
    for (std::size_t w = 0; w < p.workers(); ++w)
      if (p.lanes(w, k) != 0) c = c == '-' ? static_cast<char>('0' + w) : '*';
    s += c;
  }
  return s;
}
auto why_not(mr::grouping const& g, std::size_t workers) -> std::string {
  try {
    static_cast<void>(g.resolve(stages, workers));
    return {};
  } catch (mr::bad_plan const& e) {
    return e.what();
  }
}

}  // namespace

TEST_CASE("fused: all on the first worker") {
  CHECK(text(mr::fused.resolve(stages, 1)) == "00000");
  CHECK(text(mr::fused.resolve(stages, 3)) == "00000");
}

TEST_CASE("spread: contiguous groups of about one size") {
  CHECK(text(mr::spread.resolve(stages, 1)) == "00000");
  CHECK(text(mr::spread.resolve(stages, 2)) == "00011");
  CHECK(text(mr::spread.resolve(stages, 3)) == "00112");
  CHECK(text(mr::spread.resolve(stages, 5)) == "01234");
  CHECK(text(mr::spread.resolve(stages, 9)) == "01234");
}

TEST_CASE("groups: by name, neighbours or not; folded when there are fewer workers") {
  mr::groups const g{{"a", "e"}, {"b"}, {"d", "c"}};
  CHECK(text(g.resolve(stages, 3)) == "01220");
  CHECK(text(g.resolve(stages, 8)) == "01220");
  CHECK(text(g.resolve(stages, 2)) == "00110");
  CHECK(text(g.resolve(stages, 1)) == "00000");
}

TEST_CASE("groups that do not fit are refused, with the reason") {
  CHECK(why_not(mr::groups{{"a", "b", "c", "d"}}, 2) == "millrace: stage e is in no group");
  CHECK(why_not(mr::groups{{"a", "b", "c", "d", "x"}}, 2) == "millrace: no stage is called x");
  CHECK(why_not(mr::groups{{"a", "b", "c"}, {"c", "d", "e"}}, 2) == "millrace: stage c is named twice, and one worker at a time can run it");
  CHECK(why_not(mr::groups{}, 2) == "millrace: stage a is in no group");
}

// ---- constraints
namespace {

/// a and d together, b apart from all, c apart from e.
constexpr mr::planned_stage choosy[] = {{"a", 1, 0b01001, 0b00010}, {"b", 1, 0, 0b11101}, {"c", 1, 0, 0b10010}, {"d", 1, 0b01001, 0b00010}, {"e", 1, 0, 0b00110}};
constexpr mr::stage_list choosy_stages{choosy, 5};
auto why_not_choosy(mr::grouping const& g, std::size_t workers) -> std::string {
  try {
    return text(g.resolve(choosy_stages, workers));
  } catch (mr::bad_plan const& e) {
    return e.what();
  }
}

}  // namespace

TEST_CASE("fused and spread keep to the constraints") {
  CHECK(why_not_choosy(mr::fused, 3) == "01002");
  CHECK(why_not_choosy(mr::fused, 4) == "01002");
  CHECK(why_not_choosy(mr::spread, 4) == "01203");
  CHECK(why_not_choosy(mr::fused, 2) == "millrace: no worker is left for stage e, which is to be apart from others; the crew has 2");
}

TEST_CASE("plans that are spelled out have to keep to the constraints") {
  CHECK(why_not_choosy(mr::groups{{"a", "d", "c"}, {"b"}, {"e"}}, 3) == "01002");
  CHECK(why_not_choosy(mr::groups{{"a", "c"}, {"b"}, {"e", "d"}}, 3) == "millrace: stages a and d are to be together, and the plan gives only the first to worker 0");
  CHECK(why_not_choosy(mr::groups{{"a", "d", "b"}, {"c"}, {"e"}}, 3) == "millrace: stages a and b are to be apart, and the plan gives both to worker 0");
  CHECK(why_not_choosy(mr::groups{{"a", "d"}, {"b"}, {"e", "c"}}, 3) == "millrace: stages c and e are to be apart, and the plan gives both to worker 2");
  CHECK(why_not_choosy(mr::groups{{"a", "d", "c"}, {"b"}, {"e"}}, 2) == "millrace: stages a and b are to be apart, and the plan gives both to worker 0");
}

TEST_CASE("stages that nobody names follow the named one before them, and if there is none the first") {
  static constexpr mr::planned_stage hidden[] = {{.name = "x", .follows = true}, {.name = "y", .follows = true}, {.name = "a"}, {.name = "z", .follows = true}, {.name = "b"}, {.name = "w", .follows = true}};
  constexpr mr::stage_list list{hidden, 6};
  CHECK(list.leader_of(0) == 2);
  CHECK(list.leader_of(3) == 2);
  CHECK(list.leader_of(4) == 4);
  CHECK(text(mr::fused.resolve(list, 3)) == "000000");
  CHECK(text(mr::groups{{"b"}, {"a"}}.resolve(list, 3)) == "111100");
}

// ---- how many workers
namespace {

constexpr auto every = ~mr::lane_mask{0};
/// "keyed" by two to four, "pool" by at least one and at most three, "last" by one.
constexpr mr::planned_stage wide[] = {{.name = "first"}, {.name = "keyed", .lanes = every, .least = 2, .most = 4}, {.name = "pool", .lanes = every, .pool = true, .most = 3}, {.name = "last"}};
constexpr mr::stage_list wide_stages{wide, 4};
auto masks(mr::plan const& p, std::size_t stage) -> std::vector<mr::lane_mask> {
  std::vector<mr::lane_mask> found;
  for (std::size_t w = 0; w < p.workers(); ++w) found.push_back(p.lanes(w, stage));
  return found;
}
auto why_not_wide(mr::grouping const& g, std::size_t workers) -> std::string {
  try {
    return text(g.resolve(wide_stages, workers));
  } catch (mr::bad_plan const& e) {
    return e.what();
  }
}

}  // namespace

TEST_CASE("fused gives a stage to the least of its workers, spread to more who have nothing else") {
  using list = std::vector<mr::lane_mask>;
  CHECK(masks(mr::fused.resolve(wide_stages, 3), 1) == list{0xFFFFFFFF, every << 32, 0});
  CHECK(masks(mr::fused.resolve(wide_stages, 3), 2) == list{every, 0, 0});
  CHECK(masks(mr::spread.resolve(wide_stages, 4), 1) == list{0xFFFFFFFF, every << 32, 0, 0});  // nobody has nothing else: the least
  CHECK(masks(mr::spread.resolve(wide_stages, 4), 2) == list{0, 0, every, 0});
  CHECK(masks(mr::spread.resolve(wide_stages, 9), 1) == list{0, 0xFFFF, 0, 0, 0xFFFF0000, 0xFFFF00000000, every << 48, 0, 0});
  CHECK(masks(mr::spread.resolve(wide_stages, 9), 2) == list{0, 0, every, 0, 0, 0, 0, every, every});
}

TEST_CASE("plans with too few workers for a stage, or too many, are refused with the reason") {
  CHECK(why_not_wide(mr::fused, 1) == "millrace: stage keyed is to have at least 2 workers; the crew has 1");
  CHECK(why_not_wide(mr::groups{{"first", "keyed"}, {"pool", "last"}}, 2) == "millrace: stage keyed is to have at least 2 workers, and the plan gives it 1");
  CHECK(why_not_wide(mr::groups{{"pool", "keyed"}, {"pool", "keyed"}, {"pool"}, {"pool"}, {"first", "last"}}, 5) == "millrace: stage pool is to have at most 3 workers, and the plan gives it 4");
  CHECK(why_not_wide(mr::groups{{"pool", "keyed"}, {"pool", "keyed", "first", "last"}}, 2) == "1**1");
}
