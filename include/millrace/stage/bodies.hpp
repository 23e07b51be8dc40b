// SPDX-License-Identifier: MIT
// The loops in which handlers run. A body runs stages [I, J) over a range of events, so that a fused chain costs what the
// hand-written loop costs; a batch handler, a stage that expands and one that tries again have loops of their own.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>

#include <millrace/stage/event_steps.hpp>
#include <millrace/stage/expander.hpp>

namespace millrace {

template <typename Segment, bool KeepsAll = false>
struct bodies : event_steps<Segment, KeepsAll> {
  using base = event_steps<Segment, KeepsAll>;
  using typename base::event;
  using typename base::line;
  using base::all, base::size, base::shift, base::copied_at_most, base::forgiven, base::note_failure;
  template <std::size_t K>
  using node_at = typename Segment::template node_at<K>;
  template <std::size_t I, std::size_t J>
  using run = typename base::template run<I, J>;
  template <std::size_t I, std::size_t J>
  using frame = typename base::template frame<I, J, std::make_index_sequence<J - I>>;

  /// Nodes [I, J) over events that are in the ring. Returns the first event that was not done.
  template <std::size_t I, std::size_t J>
  static auto each(line& l, sequence from, sequence to) -> sequence {
    frame<I, J> f{l};
    auto q = from;
    try {  // around the loop, not in it: free until something is thrown
      while (q != to) {
        auto i = static_cast<std::size_t>(q & l.mask);
        auto const wrap = q + (l.mask + 1 - static_cast<sequence>(i));
        auto const stop = wrap < to ? wrap : to;
        for (; q != stop; ++q, ++i) base::template one<I, J>(l, f, i, {q, q + 1 == to && !l.more});
      }
    } catch (...) {
      note_failure(l, f.now + shift);
    }
    return q;
  }
  /// The source and nodes [0, J). Ends early when the source does.
  template <std::size_t J>
  static auto sourced(line& l, sequence from, sequence to) -> sequence {
    using r = run<0, J>;
    frame<0, J> f{l};
    constexpr auto stages = std::make_index_sequence<J>{};
    constexpr bool in_ring = r::event_read_later;
    constexpr bool fills = Segment::source_type::fills;
    constexpr bool made_in_ring = in_ring && !r::copies_event;
    constexpr bool source_throws = fills || !std::is_nothrow_invocable_v<decltype((l.from->next))> || (made_in_ring && !std::is_nothrow_move_constructible_v<event>);
    hand<decltype(l.from->next), sizeof(l.from->next) <= copied_at_most> next{l.from->next};
    auto q = from;
    [[maybe_unused]] bool in_source = true;
    auto const one_event = [&](sequence number) MILLRACE_INLINE_LAMBDA -> bool {
      q = number;  // where it stands if something is thrown
      [[maybe_unused]] auto const i = static_cast<std::size_t>(q & l.mask);
      at const where{q, q + 1 == to && !l.more};
      if constexpr (fills) {  // events keep their buffers: in their slot, or all in one if nobody outside the body looks
        auto& e = millrace::get<0>(f.slots.columns)[in_ring ? i : 0];
        if (!next.get()(e)) return false;
        in_source = false;
        base::template steps<0, J>(l, f, e, i, where, stages);
      } else {
        auto made = next.get()();
        if (!made) return false;
        if constexpr (made_in_ring) millrace::get<0>(f.slots.columns).put(i, [&]() -> event&& { return std::move(*made); });
        if constexpr (source_throws) in_source = false;
        if constexpr (made_in_ring) base::template steps<0, J>(l, f, millrace::get<0>(f.slots.columns)[i], i, where, stages);
        else base::template steps<0, J>(l, f, *made, i, where, stages);
        if constexpr (in_ring && !made_in_ring) millrace::get<0>(f.slots.columns).put(i, [&]() -> event&& { return std::move(*made); });
      }
      if constexpr (source_throws) in_source = true;
      return true;
    };
    try {
      auto at = from;
      bool more = true;
      if constexpr (J == size)  // a whole pipeline: eight at a time, so that counting costs an eighth
        while (more && to - at >= 8)
          at += [&]<sequence... K>(std::integer_sequence<sequence, K...>) MILLRACE_INLINE_LAMBDA {
            sequence done = 8;
            more = ((one_event(at + K) || (done = K, false)) && ...);
            return done;
          }(std::make_integer_sequence<sequence, 8>{});
      while (more && at != to)
        if ((more = one_event(at))) ++at;
      q = at;
      l.ended = !more;
    } catch (...) {
      note_failure(l, source_throws && in_source ? 0 : f.now + shift);
    }
    return q;
  }
  /// Node K alone, event by event. Careful: in a range in which events have failed, which it then leaves out if they failed before
  /// it. If it tries again it ends early, blocked, before the event that is to be tried.
  template <std::size_t K, bool Careful>
  static auto singly(line& l, sequence from, sequence to) -> sequence {
    frame<K, K + 1> f{l};
    auto* const events = millrace::get<0>(f.slots.columns).data();
    for (auto q = from; q != to; ++q) {
      auto const i = static_cast<std::size_t>(q & l.mask);
      if (is_tombstone<K>(f, i)) continue;
      try {
        auto dead = base::template dead_before<K, K + 1>(f, i, std::make_index_sequence<K>{});
        if constexpr (Careful) dead |= failed_before<K>(l, q, i);
        static_cast<void>(base::template step<K, K + 1, K>(f, events[i], i, dead, {q, q + 1 == to && !l.more}));
        base::template tell_verdicts<K, K + 1>(f, i, dead, std::index_sequence<0>{});
      } catch (...) {
        if (tries_again<K>(l, q)) return q;
        if (!forgiven(l, K, i, q)) return note_failure(l, K + shift), q;
      }
    }
    return to;
  }
  /// Node K over those events of the range that belong to the lanes of `l`: a part of a stage that is shared.
  template <std::size_t K, bool Careful>
  static auto part(line& l, sequence from, sequence to) -> sequence {
    frame<K, K + 1> f{l};
    auto* const events = millrace::get<0>(f.slots.columns).data();
    [[maybe_unused]] dealing const dealt{l.mask + 1};
    for (auto q = from; q != to; ++q) {
      auto const i = static_cast<std::size_t>(q & l.mask);
      if constexpr (all[K].shares == sharing::by_place) {
        if ((l.lanes >> dealt.lane_of(q) & 1) == 0) {  // the rest of those that were dealt together
          auto const behind = dealt.run_begin(q) + dealt.together();
          q = (behind < to ? behind : to) - 1;
          continue;
        }
      } else {
        if ((l.lanes >> (millrace::get<K>(f.slots.columns)[i] % lane_count) & 1) == 0) continue;
      }
      if (is_tombstone<K>(f, i)) continue;
      try {
        auto dead = base::template dead_before<K, K + 1>(f, i, std::make_index_sequence<K>{});
        if constexpr (Careful) dead |= failed_before<K>(l, q, i);
        static_cast<void>(base::template step<K, K + 1, K>(f, events[i], i, dead, {q, q + 1 == to && !l.more}));
        base::template tell_verdicts<K, K + 1>(f, i, dead, std::index_sequence<0>{});
      } catch (...) {
        if (!forgiven(l, K, i, q)) return note_failure(l, K + shift), q;
      }
    }
    return to;
  }
  /// Nodes [I, J), which are shared by place, over those events of the range that belong to the lanes of `l`.
  template <std::size_t I, std::size_t J>
  static auto parts(line& l, sequence from, sequence to) -> sequence {
    frame<I, J> f{l};
    dealing const dealt{l.mask + 1};
    auto q = from;
    try {
      while (q != to) {
        auto const behind = dealt.run_begin(q) + dealt.together();
        auto const stop = behind < to ? behind : to;
        if ((l.lanes >> dealt.lane_of(q) & 1) == 0) q = stop;
        for (; q != stop; ++q) base::template one<I, J>(l, f, static_cast<std::size_t>(q & l.mask), {q, q + 1 == to && !l.more});
      }
    } catch (...) {
      note_failure(l, f.now + shift);
    }
    return q;
  }
  /// Nothing was published in the slot; then those behind node K know it.
  template <std::size_t K, typename Frame>
  MILLRACE_INLINE static auto is_tombstone([[maybe_unused]] Frame& f, [[maybe_unused]] std::size_t i) -> bool {
    if constexpr (Segment::many_producers)
      if (f.dead[i]) [[unlikely]] return base::template tell_verdicts<K, K + 1>(f, i, ~std::uint64_t{0}, std::index_sequence<0>{}), true;
    return false;
  }
  /// Called while an exception of node K is handled.
  template <std::size_t K>
  static auto tries_again([[maybe_unused]] line& l, [[maybe_unused]] sequence q) noexcept -> bool {
    if constexpr (!all[K].retries) {
      return false;
    } else {
      auto& tries = millrace::get<K>(*l.nodes).tries;
      if (!tries.again(q)) return false;
      l.blocked = true;
      l.pause_ns = tries.pause_ns;
      return true;
    }
  }
  /// The nodes, as bits, that event q failed at: those whose failures matter to node K.
  template <std::size_t K>
  static auto failed_before([[maybe_unused]] line& l, [[maybe_unused]] sequence q, [[maybe_unused]] std::size_t i) noexcept -> std::uint64_t {
    std::uint64_t dead = 0;
    if constexpr (Segment::forgives) {
      auto const mark = lap_mark(q, l.mask);
      for (auto m = all[K].troubles | (all[K].does == verb::divert ? bit(K - 1) : 0); m != 0; m &= m - 1)
        if (auto const k = static_cast<std::size_t>(std::countr_zero(m)); l.slots->failed[k][i] == mark) dead |= bit(k);
    }
    return dead;
  }

  /// A stage that expands, over events that are in the ring. Ends early when the next ring is full: in the middle of an event,
  /// whose range is kept until the stage is driven again.
  template <std::size_t K>
  static auto expanding(line& l, sequence from, sequence to) -> sequence {
    auto& state = millrace::get<K>(*l.nodes).f;
    auto& out = *l.out;
    auto q = from;
    for (; q != to && !l.failed; ++q) {
      auto const i = static_cast<std::size_t>(q & l.mask);
      if constexpr (Segment::replies)
        if (!state.is_open()) l.slots->became[0][i] = {out.next(), out.next()};
      try {
        if (!state.is_open() && !open<K>(l, state, q, i, {q, q + 1 == to && !l.more}, typename node_at<K>::inputs{})) continue;
        while (!state.at_end()) {
          if (!out.has_room()) [[unlikely]] {
            l.blocked = true;
            return out.show(), q;
          }
          out.put([&]() -> decltype(auto) { return *state; });
          if constexpr (Segment::replies) l.slots->became[0][i].to = out.next();
          state.next();
        }
        state.close();
      } catch (...) {
        state.close();
        if (forgiven(l, K, i, q)) continue;
        note_failure(l, K + shift);
        break;
      }
    }
    out.show();
    return q;
  }
  /// A stage that replies to events when their parts have passed the next ring. Ends early, before one of which some have not.
  template <std::size_t K, bool Careful>
  static auto answering(line& l, sequence from, sequence to) -> sequence {
    auto const passed = l.out->to->passed();
    auto done = from;
    while (done != to && l.slots->became[0][static_cast<std::size_t>(done & l.mask)].to <= passed) ++done;
    if (done != to) l.blocked = true;
    return singly<K, Careful>(l, from, done);
  }
  /// A stage that publishes into another runner, over events that are in the ring: as many at once as there is room for. Ends early, before
  /// an event for which there is none.
  template <std::size_t K>
  static auto sending(line& l, sequence from, sequence to) -> sequence {
    auto& out = millrace::get<K>(*l.nodes).f;
    for (auto q = from; q != to;) {
      if (!reaches<K>(l, q)) {
        ++q;
        continue;
      }
      auto at = q;
      auto const next = [&]() -> auto& {
        while (!reaches<K>(l, at)) ++at;
        return the_one<K>(*l.slots, static_cast<std::size_t>(at++ & l.mask), typename node_at<K>::inputs{});
      };
      try {
        if (!out.send(how_many_reach<K>(l, q, to), next)) [[unlikely]] return l.blocked = true, q;
        q = at == q ? q + 1 : at;  // nobody has asked for it: it was dropped there
      } catch (...) {
        if (!forgiven(l, K, static_cast<std::size_t>(q & l.mask), q)) return note_failure(l, K + shift), q;
        ++q;
      }
    }
    return to;
  }
  /// Of the events [from, to), the first of which does.
  template <std::size_t K>
  static auto how_many_reach(line& l, sequence from, sequence to) -> std::int64_t {
    if constexpr (!Segment::many_producers && all[K].filters == 0 && all[K].troubles == 0) return to - from;
    std::int64_t n = 1;
    while (++from != to) n += reaches<K>(l, from) ? 1 : 0;
    return n;
  }
  template <std::size_t K>
  static auto reaches(line& l, sequence q) -> bool {
    std::uint64_t dead = 0;
    return reaches<K>(l, q, static_cast<std::size_t>(q & l.mask), dead);
  }
  template <std::size_t K, typename V>
  static auto the_one(typename Segment::slot_layout& slots, std::size_t i, values<V>) -> typename V::seen { return taken<V>(slots, i, 0); }

  /// Whether the event reaches the stage; `dead` becomes what those say whom it asks.
  template <std::size_t K>
  static auto reaches(line& l, sequence q, std::size_t i, std::uint64_t& dead) -> bool {
    if constexpr (Segment::many_producers)
      if (l.dead[i] != 0) return false;
    auto const failed = dead = failed_before<K>(l, q, i);
    for (auto m = all[K].asks; m != 0; m &= m - 1)
      if (auto const k = static_cast<std::size_t>(std::countr_zero(m)); l.slots->status[k][i] != 0) dead |= bit(k);
    return failed == 0 && (dead & all[K].filters) == 0;
  }
  /// False: the event does not reach the stage.
  template <std::size_t K, typename State, typename... V>
  static auto open(line& l, State& state, sequence q, std::size_t i, [[maybe_unused]] at where, values<V...>) -> bool {
    std::uint64_t dead = 0;
    if (!reaches<K>(l, q, i, dead)) return false;
    if constexpr (all[K].form == shape::each_at) state.open(taken<V>(*l.slots, i, dead)..., at{where});
    else state.open(taken<V>(*l.slots, i, dead)...);
    return true;
  }
  template <typename V>
  static auto taken(typename Segment::slot_layout& slots, std::size_t i, [[maybe_unused]] std::uint64_t dead) -> typename V::seen {
    auto& v = millrace::get<static_cast<std::size_t>(V::from + 1)>(slots.columns)[i];
    if constexpr (V::maybe) return (dead & V::missing) != 0 ? nullptr : std::addressof(v);
    else return v;
  }

  /// A batch handler over events that are in the ring, one call for each contiguous stretch. One that throws has done what it said
  /// it has; the event behind that failed, and it is called again for those that follow.
  template <std::size_t K, bool Careful>
  static auto whole(line& l, sequence from, sequence to) -> sequence {
    constexpr sequence most = Careful ? 64 : INT64_MAX;
    hand<decltype(node_at<K>::f), sizeof(node_at<K>::f) <= copied_at_most> f{millrace::get<K>(*l.nodes).f};
    auto q = from;
    while (q != to) {
      auto const i = static_cast<std::size_t>(q & l.mask);
      auto const left = l.mask + 1 - static_cast<sequence>(i) < most ? l.mask + 1 - static_cast<sequence>(i) : most;
      auto const n = to - q < left ? to - q : left;
      std::size_t done = 0;
      try {
        stretch<K, Careful>(l, f.get(), q, i, static_cast<std::size_t>(n), done, typename node_at<K>::inputs{});
        q += n;
      } catch (...) {
        q += static_cast<sequence>(done);
        if (q == to || static_cast<sequence>(done) == n) --q;  // it threw behind the last one
        if (tries_again<K>(l, q)) return q;
        if (!forgiven(l, K, static_cast<std::size_t>(q & l.mask), q)) return note_failure(l, K + shift), q;
        ++q;
      }
    }
    return q;
  }
  template <std::size_t K, bool Careful, typename V>
  static void stretch(line& l, decltype(node_at<K>::f)& f, sequence first, std::size_t i, std::size_t n, std::size_t& done, values<V>) {
    using N = node_at<K>;
    auto& slots = *l.slots;
    auto* const value = millrace::get<static_cast<std::size_t>(V::from + 1)>(slots.columns).data() + i;
    constexpr bool filtered = N::is.filters != 0 || Segment::many_producers || (Careful && N::is.troubles != 0);
    std::uint8_t const* status = nullptr;  // of the last filter before it, which knows of tombstones too
    if constexpr (N::is.filters != 0) status = slots.status[static_cast<std::size_t>(std::countr_zero(last_of(N::is.filters)))].get() + i;
    else if constexpr (Segment::many_producers) status = l.dead + i;
    [[maybe_unused]] std::uint8_t both[Careful ? 64 : 1];  // and of the failures
    if constexpr (Careful && N::is.troubles != 0) {
      for (std::size_t k = 0; k < n; ++k) both[k] = (status != nullptr && status[k] != 0) || failed_before<K>(l, first + static_cast<sequence>(k), i + k) != 0 ? 1 : 0;
      status = both;
    }
    batch<std::conditional_t<N::is.does == verb::change, typename V::type, typename V::type const>> in{value, n, first, status, &done};
    if constexpr (filtered) in.done_before(in.begin());
    if constexpr (N::is.does == verb::filter) {
      auto* const mine = slots.status[K].get() + i;
      if constexpr (filtered) __builtin_memcpy(mine, status, n);
      if (filtered && in.empty()) return;
      verdicts out{mine, n, 1, filtered};
      progress_of said{out, done};
      f(std::move(in), out);
      if (!out.complete()) throw bad_batch{"millrace: a batch filter gave fewer answers than it got events"};
    } else {
      if (filtered && in.empty()) return;  // nothing came through: no reason to call
      if constexpr (N::is.does == verb::map) {
        auto& made = millrace::get<K + 1>(slots.columns);
        results<typename N::result> out{made.data() + i, n, made.made() == nullptr ? nullptr : made.made() + i, status};
        progress_of said{out, done};
        f(std::move(in), out);
        if (!out.complete()) throw bad_batch{"millrace: a batch handler made fewer results than it got events"};
      } else {
        f(std::move(in));  // a temporary, as the handler was asked about
      }
    }
  }
  /// However the handler leaves: how many of its events have their answer or result.
  template <typename Out>
  struct progress_of {
    Out const& out;
    std::size_t& done;
    ~progress_of() { done = out.slots_done(); }
  };
};

}  // namespace millrace
