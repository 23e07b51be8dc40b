// SPDX-License-Identifier: MIT
// One event and the stages [I, J) of a run, with the handlers inlined one after the other: a small event is worked on in registers,
// a result that nobody outside the run takes is never stored, a filter is a branch.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <type_traits>
#include <utility>

#include <millrace/stage/expander.hpp>
#include <millrace/stage/scratch.hpp>
#include <millrace/stage/segment.hpp>

namespace millrace {

/// What a body works on, and what it reports. Each worker has its own.
template <typename Segment>
struct line {
  typename Segment::slot_layout* slots;
  typename Segment::nodes* nodes;
  typename Segment::source_type* from;
  sequence mask;                 // slots - 1
  std::uint8_t const* dead = nullptr;  // with many producers: of each slot, not 0 if nothing was published there
  typename Segment::outlet* out = nullptr;  // of a last stage that expands
  bool more = false;             // events behind the end of this call are there already
  bool ended = false;            // the source has no more events
  bool blocked = false;          // the next ring is full
  bool failed = false;           // a handler threw
  std::size_t failed_stage = 0;  // which
  std::exception_ptr error;
  std::uint64_t lanes = 0;       // of a stage that is shared: those to run
  // of stages that let events fail:
  sequence troubled = 0;         // below this some event may have failed somewhere
  std::int64_t pause_ns = 0;     // if blocked by an event that is to be tried again: how long
  std::array<std::uint32_t, Segment::forgives ? Segment::size : 0> failures{};  // of each node
};

/// Slots in which nothing was published: asked before anything else there is touched.
template <bool Any>
struct tombstones {
  std::uint8_t const* of;
  [[nodiscard]] MILLRACE_INLINE auto operator[](std::size_t i) const noexcept -> bool { return of[i] != 0; }
};
template <>
struct tombstones<false> {
  explicit tombstones(std::uint8_t const*) noexcept {}
};

/// What marks of failures are compared with, where there are any that must be looked at.
struct laps {
  sequence mask;
};
struct no_laps {
  explicit constexpr no_laps(sequence) noexcept {}
};

/// `KeepsAll`: every value and every verdict is left in the ring, for somebody who is not part of the segment.
template <typename Segment, bool KeepsAll = false>
struct event_steps {
  using line = millrace::line<Segment>;
  using event = typename Segment::event;
  using entry = sequence (*)(line&, sequence from, sequence to);
  template <std::size_t K>
  using node_at = typename Segment::template node_at<K>;
  static constexpr auto const& all = Segment::all;
  static constexpr std::size_t size = Segment::size;
  static constexpr std::size_t shift = Segment::own_source ? 1 : 0;  // stage s is node s - shift

  /// Filters at which an event may fail without stopping all: that one has dropped an event may be its no, and only its mark says that
  /// it has failed.
  static constexpr std::uint64_t failing_filters = [] {
    std::uint64_t mask = 0;
    for (std::size_t k = 0; k < size; ++k)
      if (all[k].does == verb::filter && all[k].in_the_end != remedy::stop) mask |= bit(k);
    return mask;
  }();

  /// Handlers and sources of at most so many bytes are copied for the time of a batch.
  static constexpr std::size_t copied_at_most = 256;

  // ---- what a run [I, J) of nodes needs to keep outside itself
  template <std::size_t I, std::size_t J>
  struct run {
    static constexpr std::uint64_t nodes = Segment::nodes_between(I, J);
    static constexpr std::uint64_t later = Segment::nodes_between(J, size);
    static constexpr bool takes_event = (Segment::readers(0) & nodes) != 0;
    static constexpr bool event_read_later = KeepsAll || (Segment::readers(0) & later) != 0;
    static constexpr bool changes_event = [] {
      for (std::size_t k = I; k < J; ++k)
        if (all[k].does == verb::change && (all[k].touches & 1) != 0) return true;
      return false;
    }();
    /// A changed event of some size is worked on in its slot even if nobody will look: who writes a line owns it, and an owned line
    /// comes back to the producer at once, where a shared one must first be taken from all who read it.
    static constexpr bool changes_in_slot = changes_event && sizeof(event) > 16;
    /// Any other small plain event is copied to registers, and back only if somebody will look.
    static constexpr bool copies_event =
        std::is_trivially_copyable_v<event> && std::is_copy_constructible_v<event> && std::is_copy_assignable_v<event> && sizeof(event) <= 64;
    /// The result of node k stays inside the run.
    static constexpr auto keeps(std::size_t k) -> bool { return !KeepsAll && k >= I && k < J && (Segment::readers(k + 1) & ~nodes) == 0; }
    /// Filters before the run whose verdict it needs.
    static constexpr std::uint64_t verdicts_needed = [] {
      std::uint64_t need = 0;
      for (std::size_t k = I; k < J; ++k) need |= all[k].asks;
      return need & (bit(I) - 1);
    }();
    /// An event may fail in the run without stopping all.
    static constexpr bool forgives = [] {
      for (std::size_t k = I; k < J; ++k)
        if (all[k].in_the_end != remedy::stop) return true;
      return false;
    }();
    /// Somebody behind the run, or who counts what its last stage has seen, needs to know what filter k of the run, or one before it, said.
    static constexpr auto tells(std::size_t k) -> bool {
      if (k < I || k >= J || all[k].does != verb::filter) return false;
      if (KeepsAll) return true;
      for (auto m = k + 1; m < size; ++m)
        if ((m >= J || all[m].acks) && (all[m].asks & bit(k)) != 0) return true;
      return false;
    }
    /// No node in [k, J) wants an event that node k - 1 or one of `filters` has dropped.
    static constexpr auto rest_wants_none(std::size_t k, std::uint64_t filters) -> bool {
      for (; k < J; ++k)
        if ((all[k].filters & filters) != filters) return false;
      return true;
    }
    static constexpr bool copies_handlers = []<std::size_t... D>(std::index_sequence<D...>) {
      return (std::size_t{0} + ... + (std::is_trivially_copyable_v<decltype(node_at<I + D>::f)> ? sizeof(node_at<I + D>::f) : 0)) <= copied_at_most;
    }(std::make_index_sequence<J - I>{});
  };

  /// The state of a body: handlers, pointers to the columns, results that stay inside.
  template <std::size_t I, std::size_t J, typename D>
  struct frame;
  template <std::size_t I, std::size_t J, std::size_t... D>
  struct frame<I, J, std::index_sequence<D...>> {
    store<hand<decltype(node_at<I + D>::f), run<I, J>::copies_handlers && all[I + D].shares == sharing::none>...> hands;
    typename Segment::slot_layout& slots;
    store<scratch<std::conditional_t<node_at<I + D>::makes_result && run<I, J>::keeps(I + D), typename node_at<I + D>::result, void>>...> kept{};
    std::size_t now = I;  // for the landing pad
    [[no_unique_address]] tombstones<Segment::many_producers> dead;
    [[no_unique_address]] std::conditional_t<failing_filters != 0, laps, no_laps> lap;
    explicit frame(line& l) : hands{{millrace::get<I + D>(*l.nodes).f}...}, slots{*l.slots}, dead{l.dead}, lap{l.mask} {}
  };

  /// Value V of the event in slot i: `e` itself, a result kept in the frame, or a result in its column.
  template <std::size_t I, std::size_t J, int From, typename Frame>
  MILLRACE_INLINE static auto value_of(Frame& f, [[maybe_unused]] event& e, [[maybe_unused]] std::size_t i) -> auto& {
    if constexpr (From < 0) return e;
    else if constexpr (run<I, J>::keeps(static_cast<std::size_t>(From))) return *millrace::get<static_cast<std::size_t>(From) - I>(f.kept);
    else return millrace::get<static_cast<std::size_t>(From) + 1>(f.slots.columns)[i];
  }
  template <std::size_t I, std::size_t J, typename V, bool Changes, typename Frame>
  MILLRACE_INLINE static auto argument(Frame& f, event& e, std::size_t i, [[maybe_unused]] std::uint64_t dead)
      -> std::conditional_t<Changes, typename V::held, typename V::seen> {
    if constexpr (V::maybe) return (dead & V::missing) != 0 ? nullptr : &value_of<I, J, V::from>(f, e, i);
    else return value_of<I, J, V::from>(f, e, i);
  }
  template <std::size_t I, std::size_t J, std::size_t K, typename Frame, typename... V>
  MILLRACE_INLINE static decltype(auto) invoke(Frame& f, event& e, std::size_t i, std::uint64_t dead, [[maybe_unused]] at where, values<V...>) {
    constexpr bool changes = all[K].does == verb::change;
    auto& handler = handler_for<I, J, K>(f, e, i);
    if constexpr (all[K].form == shape::each_at) return millrace::call(handler, argument<I, J, V, changes>(f, e, i, dead)..., at{where});
    else return millrace::call(handler, argument<I, J, V, changes>(f, e, i, dead)...);
  }

  /// The handler of node K, of the lane to which the node before it has dealt the event.
  template <std::size_t I, std::size_t J, std::size_t K, typename Frame>
  MILLRACE_INLINE static auto handler_for(Frame& f, [[maybe_unused]] event& e, [[maybe_unused]] std::size_t i) -> auto& {
    if constexpr (all[K].shares == sharing::by_key) return millrace::get<K - I>(f.hands).get()[value_of<I, J, static_cast<int>(K) - 1>(f, e, i)];
    else if constexpr (all[K].shares == sharing::by_place) return std::as_const(millrace::get<K - I>(f.hands).get());
    else return millrace::get<K - I>(f.hands).get();
  }
  /// What stage K returns is its result, or becomes it without throwing: a reference is copied.
  template <std::size_t K, typename... V>
  static consteval auto makes_in_place() -> bool {
    using N = node_at<K>;
    if constexpr (!N::makes_result) {
      return true;
    } else {
      constexpr auto returned = [] {
        if constexpr (all[K].form == shape::each_at) return std::type_identity<std::invoke_result_t<typename N::called&, typename V::seen..., at>>{};
        else return std::type_identity<std::invoke_result_t<typename N::called&, typename V::seen...>>{};
      }();
      using R = typename decltype(returned)::type;
      return std::is_same_v<std::remove_cv_t<R>, typename N::result> || std::is_nothrow_constructible_v<typename N::result, R>;
    }
  }
  /// Whether stage K can neither throw nor make a result that throws when it is moved into its place.
  template <std::size_t K, typename... V>
  static consteval auto never_throws(values<V...>) -> bool {
    using N = node_at<K>;
    if constexpr (N::is.does == verb::reply) return true;
    else if constexpr (std::is_member_pointer_v<typename N::called>) return false;
    else if constexpr (!makes_in_place<K, V...>()) return false;
    else if constexpr (all[K].form == shape::each_at) return std::is_nothrow_invocable_v<typename N::called&, typename V::seen..., at>;
    else if constexpr (all[K].does == verb::change) return std::is_nothrow_invocable_v<typename N::called&, typename V::held...>;
    else return std::is_nothrow_invocable_v<typename N::called&, typename V::seen...>;
  }
  template <std::size_t I, std::size_t J, std::size_t K, typename Frame, typename... V>
  static void call_diverted(Frame& f, event& e, std::size_t i, std::uint64_t dead, values<V...>) {
    auto const error = Segment::replies ? f.slots.errors[K - 1][i] : std::exchange(f.slots.errors[K - 1][i], nullptr);
    millrace::call(millrace::get<K - I>(f.hands).get(), argument<I, J, V, false>(f, e, i, dead)..., std::as_const(error));
  }
  /// Those of `Nodes` at which event q, whose bits are `dead`, has failed.
  template <std::uint64_t Nodes, typename Frame>
  MILLRACE_INLINE static auto failed_at([[maybe_unused]] Frame& f, [[maybe_unused]] std::size_t i, [[maybe_unused]] sequence q, std::uint64_t dead) -> std::uint64_t {
    auto failed = dead & Nodes;
    if constexpr ((Nodes & failing_filters) != 0)
      for (auto m = failed & failing_filters; m != 0; m &= m - 1)
        if (auto const k = static_cast<std::size_t>(std::countr_zero(m)); f.slots.failed[k][i] != lap_mark(q, f.lap.mask)) failed &= ~bit(k);
    return failed;
  }
  /// Whoever waits for the event is told what became of it. What flows out is moved, unless somebody else looks at it.
  template <std::size_t I, std::size_t J, std::size_t K, typename Frame, typename... V>
  MILLRACE_INLINE static void answer(Frame& f, event& e, std::size_t i, std::uint64_t dead, [[maybe_unused]] sequence q, values<V...>) noexcept {
    constexpr auto is = node_at<K>::is;
    std::exception_ptr error;
    if constexpr (is.troubles != 0)
      if (auto const failed = failed_at<is.troubles>(f, i, q, dead); failed != 0) [[unlikely]] error = std::exchange(f.slots.errors[static_cast<std::size_t>(std::countr_zero(failed))][i], nullptr);
    millrace::get<K - I>(f.hands).get().answer(i, [&](auto& told) {
      if (is.troubles != 0 && error != nullptr) return told.failed(std::move(error));
      if (auto const no = dead & is.asks & ~is.doubts; no != 0) return told.filtered(Segment::name(static_cast<std::size_t>(std::countr_zero(no)) + shift));
      if constexpr (Segment::feeds) told.parts(f.slots.became[0][i].to - f.slots.became[0][i].from);
      else told.template value<KeepsAll, V...>(argument<I, J, V, true>(f, e, i, dead)...);
    });
  }
  /// One stage, one event. False: no later stage of the run wants it.
  template <std::size_t I, std::size_t J, std::size_t K, typename Frame>
  MILLRACE_INLINE static auto step(Frame& f, event& e, std::size_t i, std::uint64_t& dead, at where) -> bool {
    using N = node_at<K>;
    constexpr typename N::inputs inputs{};
    if constexpr (N::is.filters != 0) {
      if ((dead & N::is.filters) != 0) return !run<I, J>::rest_wants_none(K + 1, N::is.filters);
    }
    if constexpr (N::is.troubles != 0 && N::is.does != verb::reply) {
      if (failed_at<N::is.troubles>(f, i, where.sequence, dead) != 0) return true;
    }
    if constexpr (N::is.does == verb::divert) {
      if (failed_at<bit(K - 1)>(f, i, where.sequence, dead) == 0) return true;
    }
    if constexpr (!never_throws<K>(inputs)) f.now = K;
    if constexpr (N::is.does == verb::reply) {
      answer<I, J, K>(f, e, i, dead, where.sequence, inputs);
    } else if constexpr (N::is.does == verb::divert) {
      call_diverted<I, J, K>(f, e, i, dead, inputs);
    } else if constexpr (N::is.does == verb::filter) {
      if (!invoke<I, J, K>(f, e, i, dead, where, inputs)) {
        dead |= bit(K);
        return !run<I, J>::rest_wants_none(K + 1, bit(K));
      }
    } else if constexpr (!N::makes_result) {
      invoke<I, J, K>(f, e, i, dead, where, inputs);
    } else if constexpr (run<I, J>::keeps(K)) {
      millrace::get<K - I>(f.kept).make([&]() -> decltype(auto) { return invoke<I, J, K>(f, e, i, dead, where, inputs); });
    } else {
      millrace::get<K + 1>(f.slots.columns).put(i, [&]() -> decltype(auto) { return invoke<I, J, K>(f, e, i, dead, where, inputs); });
    }
    return true;
  }
  template <std::size_t I, std::size_t J, typename Frame, std::size_t... K>
  MILLRACE_INLINE static auto dead_before([[maybe_unused]] Frame& f, [[maybe_unused]] std::size_t i, std::index_sequence<K...>) -> std::uint64_t {
    std::uint64_t dead = 0;
    if constexpr (run<I, J>::verdicts_needed != 0)
      (
          [&] {
            if constexpr ((run<I, J>::verdicts_needed & bit(K)) != 0)
              if (f.slots.status[K][i] != 0) dead |= bit(K);
          }(),
          ...);
    return dead;
  }
  template <std::size_t I, std::size_t J, typename Frame, std::size_t... D>
  MILLRACE_INLINE static void tell_verdicts([[maybe_unused]] Frame& f, [[maybe_unused]] std::size_t i, [[maybe_unused]] std::uint64_t dead, std::index_sequence<D...>) {
    if constexpr ((run<I, J>::tells(I + D) || ...))
      (
          [&] {
            if constexpr (run<I, J>::tells(I + D)) f.slots.status[I + D][i] = (dead & (bit(I + D) | all[I + D].filters)) != 0 ? 1 : 0;
          }(),
          ...);
  }
  /// In a range in which nothing has failed before: stages that failures have to do with are asked by `careful`.
  template <std::size_t I, std::size_t J, typename Frame, std::size_t... D>
  MILLRACE_INLINE static void steps([[maybe_unused]] line& l, Frame& f, event& e, std::size_t i, at where, std::index_sequence<D...>) {
    auto dead = dead_before<I, J>(f, i, std::make_index_sequence<I>{});
    if constexpr (run<I, J>::forgives) {
      forgiving<I, J>(l, f, e, i, dead, where, std::index_sequence<D...>{});
    } else {
      static_cast<void>((step<I, J, I + D>(f, e, i, dead, where) && ...));
    }
    tell_verdicts<I, J>(f, i, dead, std::index_sequence<D...>{});
  }
  /// An event that fails at a stage goes on to those that do not stand behind it.
  template <std::size_t I, std::size_t J, typename Frame, std::size_t... D>
  MILLRACE_INLINE static void forgiving(line& l, Frame& f, event& e, std::size_t i, std::uint64_t& dead, at where, std::index_sequence<D...>) {
    for (std::size_t from = I;;) {
      try {
        static_cast<void>(((I + D < from || step<I, J, I + D>(f, e, i, dead, where)) && ...));
        return;
      } catch (...) {
        if (!forgiven(l, f.now, i, where.sequence)) throw;
        dead |= bit(f.now);
        from = f.now + 1;
      }
    }
  }
  /// Called while an exception of node k is handled. False: it is to stop all.
  static auto forgiven([[maybe_unused]] line& l, [[maybe_unused]] std::size_t k, [[maybe_unused]] std::size_t i, [[maybe_unused]] sequence q) noexcept -> bool {
    if constexpr (!Segment::forgives) {
      return false;
    } else {
      if (all[k].in_the_end == remedy::stop) return false;
      l.slots->failed[k][i] = lap_mark(q, l.mask);
      if (all[k].in_the_end == remedy::divert || Segment::replies) l.slots->errors[k][i] = std::current_exception();
      if (l.troubled <= q) l.troubled = q + 1;
      ++l.failures[k];
      return true;
    }
  }
  template <std::size_t I, std::size_t J, typename Frame>
  MILLRACE_INLINE static void one(line& l, Frame& f, std::size_t i, at where) {
    using r = run<I, J>;
    constexpr auto stages = std::make_index_sequence<J - I>{};
    if constexpr (Segment::many_producers)
      if (f.dead[i]) [[unlikely]] return tell_verdicts<I, J>(f, i, ~std::uint64_t{0}, stages);
    auto* const events = millrace::get<0>(f.slots.columns).data();
    if constexpr (r::takes_event && r::copies_event && !r::changes_in_slot) {
      event e = events[i];
      steps<I, J>(l, f, e, i, where, stages);
      if constexpr (r::changes_event && r::event_read_later) events[i] = e;
    } else {
      steps<I, J>(l, f, events[i], i, where, stages);
    }
  }
  static void note_failure(line& l, std::size_t stage) noexcept {
    l.failed = true;
    l.failed_stage = stage;
    l.error = std::current_exception();
  }
};

}  // namespace millrace
