// SPDX-License-Identifier: MIT
// A stage that looks at a segment whose part it is not: the values that it takes lie in the ring.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <millrace/stage/bodies.hpp>

namespace millrace {

/// Node is the stage as it would be if it stood at the end of the segment's list.
template <typename Segment, typename Node>
struct onlooker {
  /// What it looks at: the slots of the ring and, with many producers, which of them are tombstones; to be asked for after a limit.
  struct slots_type {
    typename Segment::slot_layout& of;
    std::uint8_t const* dead;
    decltype(of.columns)& columns = of.columns;
    decltype(of.status)& status = of.status;
    decltype(of.failed)& failed = of.failed;
  };
  static constexpr facts is = Node::is;
  using inputs = typename Node::inputs;

  /// It needs what bodies may keep to themselves.
  static constexpr bool needs_all_kept = [] {
    if (Segment::own_source || is.asks != 0 || (is.touches & ~std::uint64_t{1}) != 0) return true;
    for (std::size_t k = 0; k < Segment::size; ++k)
      if (Segment::all[k].does == verb::change && (Segment::all[k].touches & 1) != 0 && sizeof(typename Segment::event) <= 16) return true;
    return false;
  }();
  /// Nodes as stages.
  static constexpr auto stages_of(std::uint64_t nodes) -> std::uint64_t {
    if constexpr (Segment::own_source) return nodes << 1 | 1;
    else return nodes;
  }
  /// Stages that it waits for; 0: the producer. And all that are done before it.
  static constexpr std::uint64_t waits_for = Segment::own_source && is.after != 0 ? is.after << 1 : stages_of(is.after);
  static constexpr std::uint64_t before = stages_of(is.before);

  /// Calls `f` for the events [q, to) that reach it, and moves q along: if f throws, q is the event. Says how many calls there were.
  template <shape Form, typename F>
  static auto each(slots_type const& slots, sequence mask, sequence& q, sequence to, bool more, F& f) -> std::size_t {
    return each_of<Form>(slots, mask, q, to, more, f, inputs{});
  }
  /// Some stages before it let events fail, or there may be tombstones: a batch has to be told which.
  static constexpr bool behind_failures = is.troubles != 0 || Segment::many_producers;
  /// The events [from, to) as one batch; they do not go round the end of the ring.
  static auto batch_of(slots_type const& slots, sequence mask, sequence from, sequence to, std::size_t* done = nullptr) noexcept {
    return batch_in(slots, static_cast<std::size_t>(from & mask), from, to, done, inputs{});
  }
  /// Where the stretch of slots that begins at `from` ends, `to` at the latest.
  static constexpr auto stretch(sequence mask, sequence from, sequence to) noexcept -> sequence {
    auto const wrap = from + (mask + 1 - (from & mask));
    return wrap < to ? wrap : to;
  }
  /// The same for a handler of whole batches. If it throws it has done what it said it has.
  template <typename F>
  static auto whole(slots_type const& slots, sequence mask, sequence& q, sequence to, F& f) -> std::size_t {
    std::size_t calls = 0;
    while (q != to) {
      auto end = stretch(mask, q, to);
      if (behind_failures && end > q + 64) end = q + 64;
      std::size_t done = 0;
      try {
        if constexpr (behind_failures) {
          calls += careful_batch(slots, mask, q, end, done, f, inputs{});
        } else if (auto b = batch_of(slots, mask, q, end, &done); !b.empty()) {
          b.done_before(b.begin());
          f(std::move(b)), ++calls;
        }
      } catch (...) {
        q += static_cast<sequence>(done);
        if (q == end) --q;  // it threw behind the last one
        throw;
      }
      q = end;
    }
    return calls;
  }

 private:
  static auto failed_before([[maybe_unused]] slots_type const& slots, [[maybe_unused]] sequence mask, [[maybe_unused]] sequence q) -> bool {
    if constexpr (Segment::many_producers)
      if (slots.dead[q & mask] != 0) return true;
    if constexpr (Segment::forgives)
      for (auto m = is.troubles; m != 0; m &= m - 1)
        if (slots.failed[static_cast<std::size_t>(std::countr_zero(m))][static_cast<std::size_t>(q & mask)] == lap_mark(q, mask)) return true;
    return false;
  }
  template <typename F, typename V>
  static auto careful_batch(slots_type const& slots, sequence mask, sequence from, sequence to, std::size_t& done, F& f, values<V>) -> std::size_t {
    std::uint8_t both[64];
    for (auto q = from; q != to; ++q) both[q - from] = failed_before(slots, mask, q) ? 1 : 0;
    if constexpr (is.filters != 0)
      for (auto q = from; q != to; ++q)
        if (slots.status[static_cast<std::size_t>(std::countr_zero(last_of(is.filters)))][static_cast<std::size_t>(q & mask)] != 0) both[q - from] = 1;
    batch<typename V::type const> mine{millrace::get<static_cast<std::size_t>(V::from + 1)>(slots.columns).data() + (from & mask), static_cast<std::size_t>(to - from), from, both, &done};
    if (mine.empty()) return 0;
    mine.done_before(mine.begin());
    f(std::move(mine));
    return 1;
  }
  template <shape Form, typename F, typename... V>
  static auto each_of(slots_type const& slots, sequence mask, sequence& q, sequence to, [[maybe_unused]] bool more, F& f, values<V...>) -> std::size_t {
    std::size_t calls = 0;
    for (; q != to; ++q) {
      auto const i = static_cast<std::size_t>(q & mask);
      std::uint64_t dead = 0;
      for (auto m = is.asks; m != 0; m &= m - 1)
        if (slots.status[static_cast<std::size_t>(std::countr_zero(m))][i] != 0) dead |= m & -m;
      if ((dead & is.filters) != 0 || failed_before(slots, mask, q)) continue;
      ++calls;
      if constexpr (Form == shape::each_at) millrace::call(f, bodies<Segment>::template taken<V>(slots.of, i, dead)..., at{q, q + 1 == to && !more});
      else millrace::call(f, bodies<Segment>::template taken<V>(slots.of, i, dead)...);
    }
    return calls;
  }
  template <typename V>
  static auto batch_in(slots_type const& slots, std::size_t i, sequence from, sequence to, std::size_t* done, values<V>) noexcept {
    std::uint8_t const* status = nullptr;
    if constexpr (is.filters != 0) status = slots.status[static_cast<std::size_t>(std::countr_zero(last_of(is.filters)))].get() + i;
    return batch<typename V::type const>{millrace::get<static_cast<std::size_t>(V::from + 1)>(slots.columns).data() + i, static_cast<std::size_t>(to - from), from, status, done};
  }
};

}  // namespace millrace
