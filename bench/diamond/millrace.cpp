// SPDX-License-Identifier: MIT
// The diamond as a sentence: branches that hand on results, on one worker or split over two. In place it is no diamond, because two
// branches must not change one event: the two changes stand in a row, which on one worker is the same.
#include "diamond/problem.hpp"
#include "support/millrace.hpp"

namespace bench::diamond {
namespace {

constexpr char const* name = "diamond, millrace";

constexpr auto branches = [](auto begin, count_both& seen) {
  return begin | mr::fan_out(mr::map<"fizz">(is_fizz{}), mr::map<"buzz">(is_buzz{})) |
         mr::tap<"both">(reporting<count_both>{{}, &seen});
};

constexpr auto row = [](auto begin, count_both& seen) {
  return begin | mr::change<"fizz">(set_fizz{}) | mr::change<"buzz">(set_buzz{}) |
         mr::tap<"both">(reporting<count_both>{{}, &seen});
};

auto published(std::int64_t batch, std::size_t workers, mr::grouping const& plan, auto sentence) {
  return [=](load const& l) {
    count_both seen;
    auto crew = workers == 1 ? one_worker() : two_workers(1);
    mr::runner run{sentence(mr::from<event>(), seen), crew, {.capacity = capacity, .plan = plan}};
    auto const result = drive<event>(run, name, l.events, batch, fill);
    expect_equal(name, seen.count, expected(l.events));
    return result;
  };
}

auto from_source(std::size_t workers, mr::grouping const& plan, auto sentence) {
  return [=](load const& l) {
    count_both seen;
    auto crew = workers == 1 ? one_worker() : two_workers(0);
    mr::runner run{sentence(mr::generate(source{.end = l.events}), seen), crew,
                   {.capacity = capacity, .plan = plan, .paused = true}};
    auto const result = run_to_end(run, name, l.events);
    expect_equal(name, seen.count, expected(l.events));
    return result;
  };
}

auto millrace(char const* job, char const* variant, char const* style, std::function<measured(load const&)> how,
              std::size_t needs = 2, double share = 1) -> entry {
  return {.where = &topic, .job = job, .contender = "millrace", .variant = variant, .run = std::move(how),
          .style = style, .share = share, .cpus = needs};
}

mr::grouping const halves = mr::groups{{"fizz"}, {"buzz", "both"}};
mr::grouping const source_halves = mr::groups{{"source", "fizz"}, {"buzz", "both"}};

enter const entered{
    {millrace(job(1), "fused", results, published(1, 1, mr::fused, branches)),
     millrace(job(1), "fused, changes in a row", in_place, published(1, 1, mr::fused, row)),
     millrace(job(1), "split fizz + buzz both", results, published(1, 2, halves, branches), 3),
     millrace(job(10), "fused", results, published(10, 1, mr::fused, branches)),
     millrace(job(10), "fused, changes in a row", in_place, published(10, 1, mr::fused, row)),
     millrace(job(10), "split fizz + buzz both", results, published(10, 2, halves, branches), 3),
     millrace(own_source, "fused", results, from_source(1, mr::fused, branches)),
     millrace(own_source, "fused, changes in a row", in_place, from_source(1, mr::fused, row)),
     millrace(own_source, "split source fizz + buzz both", results, from_source(2, source_halves, branches), 2, 0.3)}};

}  // namespace
}  // namespace bench::diamond
