// SPDX-License-Identifier: MIT
// Eight stages as a sentence, the producer counted as the first.
#include "chain8/problem.hpp"
#include "support/millrace.hpp"

namespace bench::chain8 {
namespace {

constexpr char const* name = "chain8, millrace";

auto changing(fold& seen) {
  return mr::from<event>()                                 //
         | mr::change<"second">(change<1>{})               //
         | mr::change<"third">(change<2>{})                //
         | mr::change<"fourth">(change<3>{})               //
         | mr::change<"fifth">(change<4>{})                //
         | mr::change<"sixth">(change<5>{})                //
         | mr::change<"seventh">(change<6>{})              //
         | mr::tap<"eighth">(reporting<fold>{{}, &seen});
}

auto mapping(fold& seen) {
  return mr::from<event>()                                 //
         | mr::map<"second">(compute<1>{})                 //
         | mr::map<"third">(compute<2>{})                  //
         | mr::map<"fourth">(compute<3>{})                 //
         | mr::map<"fifth">(compute<4>{})                  //
         | mr::map<"sixth">(compute<5>{})                  //
         | mr::map<"seventh">(compute<6>{})                //
         | mr::tap<"eighth">(reporting<fold>{{}, &seen});
}

auto fused(std::int64_t batch, auto pipeline_into) {
  return [batch, pipeline_into](load const& l) {
    fold seen;
    auto crew = one_worker();
    mr::runner run{pipeline_into(seen), crew, {.capacity = capacity, .plan = mr::fused}};
    auto const result = drive<event>(run, name, l.events, batch, fill);
    expect_equal(name, seen.folded, expected(l.events));
    return result;
  };
}

auto split(std::int64_t batch, auto pipeline_into) {
  return [batch, pipeline_into](load const& l) {
    fold seen;
    auto crew = two_workers(1);
    mr::runner run{pipeline_into(seen), crew,
                   {.capacity = capacity,
                    .plan = mr::groups{{"second", "third", "fourth"}, {"fifth", "sixth", "seventh", "eighth"}}}};
    auto const result = drive<event>(run, name, l.events, batch, fill);
    expect_equal(name, seen.folded, expected(l.events));
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
                     millrace(1, "split 3 + 4, change", in_place, split(1, changing), 3),
                     millrace(10, "fused, change", in_place, fused(10, changing)),
                     millrace(10, "fused, map", results, fused(10, mapping)),
                     millrace(10, "split 3 + 4, change", in_place, split(10, changing), 3),
                     millrace(1024, "fused, change", in_place, fused(1024, changing)),
                     millrace(1024, "fused, map", results, fused(1024, mapping))}};

}  // namespace
}  // namespace bench::chain8
