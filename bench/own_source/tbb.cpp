// SPDX-License-Identifier: MIT
// Three and eight stages with oneTBB behind its own source, in place: a filter for each.
#include "own_source/problem.hpp"
#include "support/check.hpp"
#include "support/tbb.hpp"

namespace bench::own_source {
namespace {

auto of_three(std::size_t at_once) {
  return [at_once](load const& l) {
    chain3::add first;
    chain3::add_three second;
    chain3::count_fours last;
    auto const result = onetbb::chain<chain3::event>(l.events, at_once, chain3::fill, first, second, last);
    expect_equal("own_source, oneTBB", last.count, chain3::expected(l.events));
    return result;
  };
}

auto of_eight(std::size_t at_once) {
  return [at_once](load const& l) {
    chain8::change<1> first;
    chain8::change<2> second;
    chain8::change<3> third;
    chain8::change<4> fourth;
    chain8::change<5> fifth;
    chain8::change<6> sixth;
    chain8::fold last;
    auto const result = onetbb::chain<chain8::event>(l.events, at_once, chain8::fill, first, second, third, fourth, fifth, sixth, last);
    expect_equal("own_source, oneTBB", last.folded, chain8::expected(l.events));
    return result;
  };
}

auto with(char const* job, std::size_t at_once, double share, std::function<measured(load const&)> how) -> entry {
  return {.where = &topic,
          .job = job,
          .contender = "oneTBB",
          .variant = at_once == 1 ? "parallel_pipeline, one event a token" : "parallel_pipeline, 1024 events a token",
          .run = std::move(how),
          .share = share};
}

enter const entered{{with(three, 1, 0.006, of_three(1)), with(three, 1024, 0.2, of_three(1024)), with(eight, 1, 0.006, of_eight(1)),
                     with(eight, 1024, 0.1, of_eight(1024))}};

}  // namespace
}  // namespace bench::own_source
