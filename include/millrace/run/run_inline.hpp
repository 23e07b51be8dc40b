// SPDX-License-Identifier: MIT
// A pipeline on the calling thread: no ring that anybody shares, no worker, no waiting. For tests of one's own pipeline, and for
// programs that have no use for threads.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <type_traits>
#include <utility>

#include <millrace/base/owned.hpp>
#include <millrace/stage/hooks.hpp>
#include <millrace/run/execute.hpp>
#include <millrace/stage/table.hpp>

namespace millrace {

/// Drives the stages of one ring in blocks, all on this thread; and of the next ring whenever its stages have published there.
template <typename Pipeline>
class inline_run final : public intake {
 public:
  using segment = millrace::segment<Pipeline>;
  static_assert(!segment::any_sends, "this pipeline publishes into another runner, mr::into, and needs a runner itself: test it with a mr::tap in that place");
  static constexpr sequence block = 256;

  explicit inline_run(Pipeline& p) : pipeline_{p} {
    slots_.allocate(capacity{block}, [](void*, std::size_t) {});
    work_ = {.slots = &slots_, .nodes = &p.nodes, .from = &p.from, .mask = block - 1, .out = &out_, .error = nullptr};
    multiply_all(stages{});
    if constexpr (segment::many_producers) {
      static constexpr std::uint8_t none[block]{};
      work_.dead = none;
    }
    tell_all<hook::start>(stages{});
  }
  [[nodiscard]] auto events() noexcept -> auto& { return millrace::get<0>(slots_.columns); }
  [[nodiscard]] auto next() const noexcept -> sequence { return at_; }
  [[nodiscard]] auto ended() const noexcept -> bool { return work_.ended; }
  template <typename Next>
  void feed(Next& next) {
    out_.open(next.events(), block - 1, next);
  }

  /// Passes the next `n` events through all stages; with an own source, up to n.
  /// Throws     what a handler throws.
  void pass(sequence n) {
    auto end = at_ + n;
    for (std::size_t p = 0; p < bodies_.parts; ++p) {
      for (auto q = at_; q != end;) {
        q = pass_part(p, q, end);
        if (work_.failed) std::rethrow_exception(std::exchange(work_.error, nullptr));
        if (p == 0 && work_.ended) end = q;  // it stays so, while later parts come back for events to try again
        if (!std::exchange(work_.blocked, false)) break;  // else an event is to be tried again: here without a pause
      }
    }
    if (end != at_) tell_all<hook::batch_end>(stages{});
    at_ = end;
  }
  void stop() { tell_all<hook::stop>(stages{}); }

  // ---- intake: what enters passes at once, so there is always room
  auto room() -> sequence override { return at_ + block; }
  void show(std::int64_t n) override { pass(n); }
  void no_more() override {}
  auto has_room() noexcept -> bool override { return true; }
  auto passed() const noexcept -> sequence override { return at_; }
  void wait_for_room(std::size_t) noexcept override {}
  void shut() noexcept override {}

 private:
  using stages = std::make_index_sequence<segment::size>;
  auto pass_part(std::size_t p, sequence from, sequence to) -> sequence {
    if constexpr (segment::forgives) {
      std::array<sequence, segment::stages> at{};
      if (work_.troubled > from && body_table<segment>::careful(bodies_.from[p]) != nullptr)
        return millrace::execute_carefully(work_, body_table<segment>::choice, bodies_.from[p], bodies_.from[p + 1], at, from, to);
    }
    return bodies_.part[p](work_, from, to);
  }
  template <hook H, std::size_t... K>
  void tell_all(std::index_sequence<K...>) {
    (tell_one<H>(millrace::get<K>(pipeline_.nodes)), ...);
  }
  /// A hook that throws stops all, but for a stage that forgives, once it has started.
  template <hook H, typename Node>
  static void tell_one(Node& node) {
    try {
      millrace::tell_lanes<H>(node.f, ~std::uint64_t{0});
    } catch (...) {
      if (H == hook::start || Node::is.in_the_end == remedy::stop) throw;
    }
  }
  template <std::size_t... K>
  void multiply_all(std::index_sequence<K...>) {
    (millrace::multiply(millrace::get<K>(pipeline_.nodes).f), ...);
  }

  Pipeline& pipeline_;
  typename segment::slot_layout slots_;
  typename segment::outlet out_;
  line<segment> work_{};
  body_list<segment> bodies_ = body_table<segment>::compose(0, segment::stages);
  sequence at_ = 0;
};

/// The rings of a pipeline, each feeding the next.
template <typename Parts>
class inline_chain;
template <typename... P>
class inline_chain<store<P...>> {
 public:
  template <typename Pipeline>
  explicit inline_chain(Pipeline& p) : inline_chain{p, std::index_sequence_for<P...>{}} {}
  [[nodiscard]] auto first() noexcept -> auto& { return *millrace::get<0>(rings_); }
  void stop() {
    [&]<std::size_t... R>(std::index_sequence<R...>) { (millrace::get<R>(rings_)->stop(), ...); }(std::index_sequence_for<P...>{});
  }

 private:
  template <typename Pipeline, std::size_t... R>
  inline_chain(Pipeline& p, std::index_sequence<R...>) : rings_{{owned<inline_run<P>>{new inline_run<P>{millrace::part_of<R>(p)}}}...} {
    (
        [&] {
          if constexpr (R + 1 < sizeof...(P)) millrace::get<R>(rings_)->feed(*millrace::get<R + 1>(rings_));
        }(),
        ...);
  }
  store<owned<inline_run<P>>...> rings_;
};

/// Runs a pipeline with its own source to its end, and says how many events there were.
///
/// Called by  any thread; the pipeline keeps its state, and can be run again.
/// Throws     what the source or a handler throws; on_stop is then not called.
template <typename Pipeline>
  requires is_pipeline<Pipeline>
auto run_inline(Pipeline& pipeline) -> sequence {
  using front = element<0, rings_of<Pipeline>>;
  static_assert(segment<front>::own_source, "this pipeline has no source of its own: run_inline(pipeline, events) passes events through it");
  inline_chain<rings_of<Pipeline>> all{pipeline};
  auto& run = all.first();
  constexpr bool alone = body_table<segment<front>>::exists(0, segment<front>::stages);
  while (!run.ended()) run.pass(alone ? sequence{1} << 30 : inline_run<front>::block);
  all.stop();
  return run.next();
}

/// Passes a range of events through a pipeline, and says how many there were. Elements are copied or moved as the range gives
/// them.
template <typename Pipeline, typename Events>
  requires is_pipeline<Pipeline>
auto run_inline(Pipeline& pipeline, Events&& events) -> sequence {
  using front = element<0, rings_of<Pipeline>>;
  static_assert(!segment<front>::own_source, "this pipeline has its own source: run_inline(pipeline) runs it");
  inline_chain<rings_of<Pipeline>> all{pipeline};
  auto& run = all.first();
  sequence n = 0;
  for (auto&& e : events) {
    run.events().put(static_cast<std::size_t>(n), [&]() -> decltype(auto) { return std::forward<decltype(e)>(e); });
    if (++n == inline_run<front>::block) run.pass(std::exchange(n, 0));
  }
  if (n != 0) run.pass(n);
  all.stop();
  return run.next();
}
template <typename Pipeline, typename... Events>
  requires is_pipeline<Pipeline>
auto run_inline(Pipeline&& pipeline, Events&&... events) -> sequence {
  return run_inline(pipeline, std::forward<Events>(events)...);  // by its name: an lvalue now
}

}  // namespace millrace
