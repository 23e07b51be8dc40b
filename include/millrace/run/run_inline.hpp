// SPDX-License-Identifier: MIT
// A pipeline on the calling thread: no ring that anybody shares, no worker, no waiting. For tests of one's own pipeline, and for
// programs that have no use for threads.
#pragma once
#include <cstddef>
#include <iterator>
#include <memory>
#include <type_traits>
#include <utility>

#include <millrace/stage/hooks.hpp>
#include <millrace/stage/table.hpp>

namespace millrace {

/// Drives the stages of one pipeline in blocks, all on this thread.
template <typename Pipeline>
class inline_run {
 public:
  using segment = millrace::segment<Pipeline>;
  static constexpr sequence block = 256;

  explicit inline_run(Pipeline& p) : pipeline_{p} {
    slots_.allocate(capacity{block}, [](void*, std::size_t) {});
    work_ = {.slots = &slots_, .nodes = &p.nodes, .from = &p.from, .mask = block - 1, .error = nullptr};
    tell_all<hook::start>(stages{});
  }
  [[nodiscard]] auto events() noexcept -> auto& { return get<0>(slots_.columns); }
  [[nodiscard]] auto next() const noexcept -> sequence { return at_; }
  [[nodiscard]] auto ended() const noexcept -> bool { return work_.ended; }

  /// Passes the next `n` events through all stages; with an own source, up to n.
  /// Throws     what a handler throws.
  void pass(sequence n) {
    auto end = at_ + n;
    for (std::size_t p = 0; p < bodies_.parts; ++p) {
      auto const done = bodies_.part[p](work_, at_, end);
      if (work_.failed) std::rethrow_exception(std::exchange(work_.error, nullptr));
      if (work_.ended) end = done;
    }
    if (end != at_) tell_all<hook::batch_end>(stages{});
    at_ = end;
  }
  void stop() { tell_all<hook::stop>(stages{}); }

 private:
  using stages = std::make_index_sequence<segment::size>;
  template <hook H, std::size_t... K>
  void tell_all(std::index_sequence<K...>) {
    (tell<H>(get<K>(pipeline_.nodes).f), ...);
  }

  Pipeline& pipeline_;
  typename segment::slot_layout slots_;
  line<segment> work_{};
  body_list<segment> bodies_ = body_table<segment>::compose(0, segment::stages);
  sequence at_ = 0;
};

/// Runs a pipeline with its own source to its end, and says how many events there were.
///
/// Called by  any thread; the pipeline keeps its state, and can be run again.
/// Throws     what the source or a handler throws; on_stop is then not called.
template <typename Pipeline>
  requires is_pipeline<Pipeline>
auto run_inline(Pipeline& pipeline) -> sequence {
  static_assert(segment<Pipeline>::own_source, "this pipeline has no source of its own: run_inline(pipeline, events) passes events through it");
  inline_run<Pipeline> run{pipeline};
  constexpr bool alone = body_table<segment<Pipeline>>::exists(0, segment<Pipeline>::stages);
  while (!run.ended()) run.pass(alone ? sequence{1} << 30 : inline_run<Pipeline>::block);
  run.stop();
  return run.next();
}

/// Passes a range of events through a pipeline, and says how many there were. Elements are copied or moved as the range gives
/// them.
template <typename Pipeline, typename Events>
  requires is_pipeline<Pipeline>
auto run_inline(Pipeline& pipeline, Events&& events) -> sequence {
  static_assert(!segment<Pipeline>::own_source, "this pipeline has its own source: run_inline(pipeline) runs it");
  inline_run<Pipeline> run{pipeline};
  sequence n = 0;
  for (auto&& e : events) {
    run.events().put(static_cast<std::size_t>(n), [&]() -> decltype(auto) { return std::forward<decltype(e)>(e); });
    if (++n == inline_run<Pipeline>::block) run.pass(std::exchange(n, 0));
  }
  if (n != 0) run.pass(n);
  run.stop();
  return run.next();
}
template <typename Pipeline, typename... Events>
  requires is_pipeline<Pipeline>
auto run_inline(Pipeline&& pipeline, Events&&... events) -> sequence {
  return run_inline(pipeline, std::forward<Events>(events)...);  // by its name: an lvalue now
}

}  // namespace millrace
