// SPDX-License-Identifier: MIT
// oneTBB: pipelines and flow graphs whose messages are pointers to slots, so that nothing is copied or allocated for an event, on two
// workers.
#pragma once

#include <oneapi/tbb/flow_graph.h>
#include <oneapi/tbb/parallel_pipeline.h>
#include <oneapi/tbb/task_arena.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "support/clock.hpp"
#include "support/problem.hpp"

namespace bench::onetbb {

namespace tbb = oneapi::tbb;
namespace flow = oneapi::tbb::flow;

/// Two threads, of which the calling one is the first; the library keeps its worker for all runs.
inline auto two() -> tbb::task_arena& {
  static tbb::task_arena arena{2};
  return arena;
}
template <typename Work>
auto on_two(std::int64_t events, Work work) -> measured {
  stopwatch watch;
  watch.start();
  two().execute(work);
  watch.stop();
  return throughput(watch, events);
}

// ---- parallel_pipeline

/// Tokens end in the order in which they began, so a slot is free again so many tokens later.
inline constexpr std::size_t tokens = 16;

/// The events of one token.
template <typename Event>
struct chunk {
  std::vector<Event> events;
  std::size_t n = 0;
};

/// A stage and who may run it: one after the other, or several at once.
template <typename Stage>
struct step {
  Stage& stage;
  tbb::filter_mode mode = tbb::filter_mode::serial_in_order;
};

template <typename Out, typename Event, typename Stage>
auto filter_of(step<Stage> s) -> tbb::filter<chunk<Event>*, Out> {
  return tbb::make_filter<chunk<Event>*, Out>(s.mode, [s](chunk<Event>* c) -> Out {
    auto mine = s.stage;  // state in registers
    for (std::size_t i = 0; i < c->n; ++i) mine(c->events[i]);
    if (s.mode == tbb::filter_mode::serial_in_order) s.stage = mine;
    if constexpr (!std::is_void_v<Out>) return c;
  });
}

/// `fill(event, i)` writes the i-th event; the stages change it in place. So many events for each token.
template <typename Event, typename Fill, typename... Stages>
auto pipeline(std::int64_t events, std::size_t at_once, Fill fill, step<Stages>... stages) -> measured {
  std::vector<chunk<Event>> slots(tokens);
  for (auto& s : slots) s.events.resize(at_once);
  std::int64_t next = 0;
  std::size_t turn = 0;
  auto const source = tbb::make_filter<void, chunk<Event>*>(tbb::filter_mode::serial_in_order, [&](tbb::flow_control& control) -> chunk<Event>* {
    if (next == events) {
      control.stop();
      return nullptr;
    }
    auto& slot = slots[turn++ % tokens];
    slot.n = static_cast<std::size_t>(std::min(static_cast<std::int64_t>(at_once), events - next));
    for (std::size_t i = 0; i < slot.n; ++i) fill(slot.events[i], next++);
    return &slot;
  });
  auto const all = std::tuple{stages...};
  return on_two(events, [&] {
    [&]<std::size_t... K>(std::index_sequence<K...>) {
      tbb::parallel_pipeline(tokens, (source & ... & filter_of<chunk<Event>*, Event>(std::get<K>(all))) & filter_of<void, Event>(std::get<sizeof...(Stages) - 1>(all)));
    }(std::make_index_sequence<sizeof...(Stages) - 1>{});
  });
}

template <typename Event, typename Fill, typename... Stages>
auto chain(std::int64_t events, std::size_t at_once, Fill fill, Stages&... stages) -> measured {
  return pipeline<Event>(events, at_once, fill, step<Stages>{stages}...);
}

// ---- flow graph

inline constexpr std::size_t most_messages = 64;

/// What is on its way: an event, and whether its slot is taken.
template <typename Event>
struct message {
  Event event{};
  std::atomic<bool> taken{false};
};

/// A source and a limit to how many events are on their way; what comes behind connects to `out`, and ends in `end`.
/// Nodes keep no order: a serial one may have begun its next event before it has handed on the last.
template <typename Event>
class events_of {
 public:
  using pointer = message<Event>*;

  template <typename Fill>
  events_of(flow::graph& g, std::int64_t events, Fill fill)
      : in_{g,
            [this, events, fill](tbb::flow_control& control) -> pointer {
              if (next_ == events) {
                control.stop();
                return nullptr;
              }
              while (slots_[++slot_ % slots_.size()].taken.load(std::memory_order::acquire)) {  // pairs with the release in `end`
              }
              auto& m = slots_[slot_ % slots_.size()];
              m.taken.store(true, std::memory_order::relaxed);  // only the source takes
              fill(m.event, next_++);
              return &m;
            }},
        out{g, most_messages},
        end{g, flow::unlimited, [](pointer m) {
              m->taken.store(false, std::memory_order::release);  // pairs with the source's acquire
              return flow::continue_msg{};
            }} {
    flow::make_edge(in_, out);
    flow::make_edge(end, out.decrementer());
  }
  void run(flow::graph& g) {
    in_.activate();
    g.wait_for_all();
  }

 private:
  std::vector<message<Event>> slots_ = std::vector<message<Event>>(2 * most_messages);  // the source is asked before there is room
  std::size_t slot_ = 0;
  std::int64_t next_ = 0;
  flow::input_node<pointer> in_;

 public:
  flow::limiter_node<pointer> out;
  flow::function_node<pointer, flow::continue_msg, flow::lightweight> end;
};

/// A node that runs this stage for one event at a time and hands the event on.
template <typename Event, typename Policy = flow::queueing>
struct node : flow::function_node<message<Event>*, message<Event>*, Policy> {
  template <typename Stage>
  node(flow::graph& g, Stage& stage)
      : flow::function_node<message<Event>*, message<Event>*, Policy>{g, flow::serial, [&stage](message<Event>* m) {
                                                                        stage(m->event);
                                                                        return m;
                                                                      }} {}
};

/// Stages behind each other that change the event in place. `Policy`: flow::queueing, or flow::lightweight for bodies not worth a task.
template <typename Policy, typename Event, typename Fill, typename... Stages>
auto graph_chain(std::int64_t events, Fill fill, Stages&... stages) -> measured {
  return on_two(events, [&] {
    flow::graph g;
    events_of<Event> from{g, events, fill};
    std::vector<std::unique_ptr<node<Event, Policy>>> nodes;
    flow::sender<message<Event>*>* behind = &from.out;
    auto const add = [&](auto& stage) {
      nodes.push_back(std::make_unique<node<Event, Policy>>(g, stage));
      flow::make_edge(*behind, *nodes.back());
      behind = nodes.back().get();
    };
    (add(stages), ...);
    flow::make_edge(*behind, from.end);
    from.run(g);
  });
}

}  // namespace bench::onetbb
