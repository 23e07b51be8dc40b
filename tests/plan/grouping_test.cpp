// SPDX-License-Identifier: MIT
#include <millrace/plan/grouping.hpp>

#include <string>

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
  CHECK(why_not(mr::groups{{"a", "b", "c"}, {"c", "d", "e"}}, 2) == "millrace: stage c is named twice");
  CHECK(why_not(mr::groups{}, 2) == "millrace: stage a is in no group");
}
