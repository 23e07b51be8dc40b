// SPDX-License-Identifier: MIT
// A stage on two workers with oneTBB: a parallel filter between two serial ones, and a node without a limit with a sequencer behind it.
#include <vector>

#include "ordered_parallel/problem.hpp"
#include "support/check.hpp"
#include "support/tbb.hpp"

namespace bench::ordered_parallel {
namespace {

struct slot {
  event given;
  std::uint64_t worked;
};
constexpr auto fill_slot = [](slot& s, std::int64_t i) noexcept { s.given.value = i; };
struct work_on {
  work stage;
  void operator()(slot& s) const noexcept { s.worked = stage(s.given); }
};
struct fold_slot {
  fold all{};
  void operator()(slot const& s) noexcept { all(s.worked); }
};

auto pipeline(double ns, std::size_t at_once) {
  return [=](load const& l) {
    work_on stage{{links_for(ns)}};
    fold_slot last;
    auto const result = onetbb::pipeline<slot>(l.events, at_once, fill_slot, onetbb::step<work_on>{stage, onetbb::tbb::filter_mode::parallel}, onetbb::step<fold_slot>{last});
    expect_equal("ordered_parallel, oneTBB", static_cast<std::int64_t>(last.all.folded), expected(l.events));
    return result;
  };
}

auto graph(double ns) {
  return [=](load const& l) {
    using namespace onetbb;
    work_on const stage{{links_for(ns)}};
    fold_slot last;
    auto const result = on_two(l.events, [&] {
      flow::graph g;
      events_of<slot> from{g, l.events, fill_slot};
      flow::function_node<message<slot>*, message<slot>*> beside{g, flow::unlimited, [&](message<slot>* m) {
                                                                   stage(m->event);
                                                                   return m;
                                                                 }};
      flow::sequencer_node<message<slot>*> in_order{g, [](message<slot>* m) { return static_cast<std::size_t>(m->event.given.value); }};
      node<slot> folding{g, last};
      flow::make_edge(from.out, beside);
      flow::make_edge(beside, in_order);
      flow::make_edge(in_order, folding);
      flow::make_edge(folding, from.end);
      from.run(g);
    });
    expect_equal("ordered_parallel, oneTBB", static_cast<std::int64_t>(last.all.folded), expected(l.events));
    return result;
  };
}

auto all() -> std::vector<entry> {
  std::vector<entry> entries;
  for (auto const& c : costs) {
    auto const with = [&](char const* variant, double part, std::function<measured(load const&)> how) {
      entries.push_back({.where = &topic, .job = c.job, .contender = "oneTBB", .variant = variant, .run = std::move(how), .share = c.share * part});
    };
    with("parallel_pipeline, one event a token", c.ns < 1000 ? 0.2 : 1, pipeline(c.ns, 1));
    with("parallel_pipeline, 64 events a token", 1, pipeline(c.ns, 64));
    with("flow graph, sequencer", c.ns < 1000 ? 0.1 : 1, graph(c.ns));
  }
  return entries;
}
enter const entered{all()};

}  // namespace
}  // namespace bench::ordered_parallel
