// SPDX-License-Identifier: MIT
#include <millrace/plan/plan.hpp>

#include <string>

#include <millrace/plan/grouping.hpp>

#include "support/catch.hpp"

namespace mr = millrace;

namespace {

constexpr mr::planned_stage all[] = {{"serial"}, {"shared", ~mr::lane_mask{0}}};
constexpr mr::stage_list stages{all, 2};
auto why_not(mr::plan const& p, std::size_t workers) -> std::string {
  try {
    validate(p, stages, workers);
    return {};
  } catch (mr::bad_plan const& e) {
    return e.what();
  }
}

}  // namespace

TEST_CASE("a plan gives lanes to workers") {
  mr::plan p{2, 2};
  CHECK(!p.employs(0));
  p.give(1, 1, 0b1010);
  p.give(1, 1, 0b0001);
  CHECK(p.lanes(1, 1) == 0b1011);
  CHECK(p.lanes(0, 1) == 0);
  CHECK(p.employs(1));
  CHECK(!p.employs(0));
  auto same = p;
  CHECK(same == p);
  same.give(0, 0, 1);
  CHECK(!(same == p));
}

TEST_CASE("a plan is good if every lane has a worker") {
  mr::plan p{2, 2};
  p.give(0, 0, 1);
  CHECK(why_not(p, 2) == "millrace: the plan gives stage shared to no worker");
  p.give(0, 1, 0x00ff);
  p.give(1, 1, ~mr::lane_mask{0xff});
  CHECK(why_not(p, 2) == "");
  CHECK(why_not(p, 3) == "");
  p.give(1, 1, 0x00ff);  // two workers for one lane: one of them gets it
  CHECK(why_not(p, 2) == "");
  CHECK(why_not(p, 1) == "millrace: the plan is for 2 workers, the crew has 1");
  p.give(1, 0, 2);
  CHECK(why_not(p, 2) == "millrace: the plan gives lanes of stage serial that it does not have");
  CHECK(why_not(mr::plan{2, 3}, 2) == "millrace: the plan is for 3 stages, the pipeline has 2");
  CHECK_THROWS_AS(mr::grouping{mr::plan(2, 3)}.resolve(stages, 2), mr::bad_plan);
}

TEST_CASE("whom a change of plan concerns") {
  mr::plan before{3, 2}, after{3, 2};
  before.give(0, 0, 1), before.give(1, 1, 0b11);
  after.give(0, 0, 1), after.give(1, 1, 0b01), after.give(2, 1, 0b10);
  CHECK(before.differs_for(after) == 0b110);
  CHECK(after.differs_for(before) == 0b110);
  CHECK(before.differs_for(before) == 0);
  CHECK(mr::plan{}.differs_for(after) == 0b111);
  CHECK(after.differs_for(mr::plan{}) == 0b111);
  mr::plan longer{5, 2};
  longer.give(0, 0, 1), longer.give(4, 1, 1);
  CHECK(before.differs_for(longer) == 0b10010);
  CHECK(!before.employs(7));
}
