// SPDX-License-Identifier: MIT
// Three stages as a sentence: in place (change) and as results (map), on one worker or split over two.
#include "chain3/problem.hpp"
#include "support/millrace.hpp"

namespace bench::chain3 {
namespace {

constexpr char const* name = "chain3, millrace";

auto changing(count_fours& seen) {
  return mr::from<event>()                                      //
         | mr::change<"first">(add{})                           //
         | mr::change<"second">(add_three{})                    //
         | mr::tap<"third">(reporting<count_fours>{{}, &seen});
}

auto mapping(count_fours& seen) {
  return mr::from<event>()                                      //
         | mr::map<"first">(sum_of{})                           //
         | mr::map<"second">(plus_three{})                      //
         | mr::tap<"third">(reporting<count_fours>{{}, &seen});
}

auto fused(std::int64_t batch, auto pipeline_into) {
  return [batch, pipeline_into](load const& l) {
    count_fours seen;
    auto crew = one_worker();
    mr::runner run{pipeline_into(seen), crew, {.capacity = capacity, .plan = mr::fused}};
    auto const result = drive<event>(run, name, l.events, batch, fill);
    expect_equal(name, seen.count, expected(l.events));
    return result;
  };
}

auto split(std::int64_t batch, auto pipeline_into) {
  return [batch, pipeline_into](load const& l) {
    count_fours seen;
    auto crew = two_workers(1);
    mr::runner run{pipeline_into(seen), crew,
                   {.capacity = capacity, .plan = mr::groups{{"first"}, {"second", "third"}}}};
    auto const result = drive<event>(run, name, l.events, batch, fill);
    expect_equal(name, seen.count, expected(l.events));
    return result;
  };
}

auto millrace(std::int64_t batch, char const* variant, char const* style, std::function<measured(load const&)> how,
              std::size_t needs = 2) -> entry {
  return {.where = &topic, .job = job(batch), .contender = "millrace", .variant = variant, .run = std::move(how),
          .style = style, .cpus = needs};
}

enter const entered{{millrace(1, "fused, change", in_place, fused(1, changing)),
                     millrace(1, "fused, map", results, fused(1, mapping)),
                     millrace(1, "split 1 + 2 3, change", in_place, split(1, changing), 3),
                     millrace(10, "fused, change", in_place, fused(10, changing)),
                     millrace(10, "fused, map", results, fused(10, mapping)),
                     millrace(10, "split 1 + 2 3, change", in_place, split(10, changing), 3),
                     millrace(1024, "fused, change", in_place, fused(1024, changing)),
                     millrace(1024, "fused, map", results, fused(1024, mapping))}};

}  // namespace
}  // namespace bench::chain3
