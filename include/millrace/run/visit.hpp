// SPDX-License-Identifier: MIT
// A guest in the gate of one ring: from when it comes until it goes.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include <millrace/base/config.hpp>
#include <millrace/run/guest_book.hpp>
#include <millrace/run/lifecycle.hpp>
#include <millrace/stage/onlooker.hpp>
#include <millrace/stage/table.hpp>
#include <millrace/sync/lanes.hpp>
#include <millrace/sync/patience.hpp>

namespace millrace {

/// With which event somebody begins who comes while events flow.
enum beginning : std::uint8_t {
  now,     ///< with the first that is published afterwards
  oldest,  ///< with the oldest that lies in the ring and that not all stages have passed
};

template <typename Engine, std::size_t Ring, typename Node>
class visit {
 public:
  using platform = typename Engine::platform;
  using strand_type = typename Engine::template strand_at<Ring>;
  using segment = typename strand_type::segment;
  using looks = onlooker<segment, Node>;
  static constexpr std::size_t stages = segment::stages;

  /// Takes a place and finds where to begin.
  /// Waits      until the workers that hold stages before it have come to a batch boundary, if bodies have to keep more than they do.
  /// Throws     bad_call if all places are taken.
  MILLRACE_COLD visit(std::shared_ptr<Engine> to, bool reads, beginning from, std::size_t worker = guest_entry<platform>::npos_worker) : to_{std::move(to)} {
    entry.name = Node::name.view();
    entry.ring = Ring;
    entry.worker = worker;
    to_->book().enter(entry, reads, [&] { come(from); });
  }
  visit(visit const&) = delete;
  auto operator=(visit const&) -> visit& = delete;
  MILLRACE_COLD ~visit() {
    leave();
    to_->book().leave(entry, [&] {
      if constexpr (looks::needs_all_kept) {
        strand().watched().go();
        to_->board().turn_over();
      }
    });
  }

  [[nodiscard]] auto engine() const noexcept -> Engine& { return *to_; }
  [[nodiscard]] auto ring() const noexcept -> auto& { return strand().ring(); }
  /// To be asked for after limit().
  [[nodiscard]] auto slots() const noexcept -> typename looks::slots_type {
    if constexpr (segment::many_producers) return {ring().slots, ring().producer.dead()};
    else return {ring().slots, nullptr};
  }
  [[nodiscard]] auto mask() const noexcept -> sequence { return ring().size.mask(); }
  [[nodiscard]] auto at() const noexcept -> sequence { return ring().visitors.at(entry.place); }
  /// Everything below is there to be looked at.
  [[nodiscard]] auto limit() const noexcept -> sequence {
    if constexpr (looks::waits_for == 0 && segment::many_producers) return ring().producer.readable(at());
    else if constexpr (looks::waits_for == 0) return ring().producer.readable();
    else return ring().reached(looks::waits_for);
  }
  /// A producer is about to publish what comes next.
  [[nodiscard]] auto under_way([[maybe_unused]] sequence at) const noexcept -> bool {
    if constexpr (looks::waits_for == 0 && segment::many_producers) return ring().producer.under_way(at);
    else return false;
  }
  /// Sets `bit` wherever more may come from.
  void add_waiter(std::size_t bit) const noexcept {
    if constexpr (looks::waits_for == 0) ring().producer.waiting().add(bit);
    for (auto m = looks::waits_for; m != 0; m &= m - 1) ring().stage[static_cast<std::size_t>(std::countr_zero(m))].waiting.add(bit);
  }
  /// Nothing is to be looked at any more by who has come to `at`.
  [[nodiscard]] auto ended(sequence at) const noexcept -> bool {
    auto const life_now = to_->course().now();
    if (life_now < life::draining) return false;
    return at >= strand().end() || (life_now >= life::stopping && to_->course().broken_off());
  }
  void advance(sequence to) const noexcept { ring().visitors.advance(entry.place, to, ring().table); }
  /// No longer in the gate. What it was about to look at may be written over from now on.
  void leave() noexcept {
    if (std::exchange(inside_, false)) ring().visitors.leave(entry.place, ring().table);
  }

  guest_entry<platform> entry;

 private:
  [[nodiscard]] auto strand() const noexcept -> strand_type& { return to_->template strand_of<Ring>(); }

  MILLRACE_COLD void come(beginning from) {
    auto& r = ring();
    r.visitors.enter(entry.place, r.gate.reached());
    inside_ = true;
    auto first = r.gate.released();
    if constexpr (looks::needs_all_kept) {
      auto const kept = all_kept();
      first = kept > first ? kept : first;
    }
    if (from == now) first = behind_what_is_there(first);
    entry.begun = first;
    r.visitors.begin(entry.place, first, r.table);
  }
  /// No event that is published from now on has a lower number: one that has been claimed already may still be, and what lies in lanes of
  /// producers has none yet.
  [[nodiscard]] MILLRACE_COLD auto behind_what_is_there(sequence first) const noexcept -> sequence {
    if constexpr (segment::many_producers) {
      for (auto to = first; (to = ring().producer.readable(first)) > first;) first = to;
      return first;
    } else {
      auto const there = ring().in_order();
      return there > first ? there : first;
    }
  }
  /// From the event on that it returns the stages before this one leave everything in the ring.
  MILLRACE_COLD auto all_kept() -> sequence {
    auto& watched = strand().watched();
    watched.come(body_table<segment, true>::choice);
    to_->board().turn_over();
    ring().table.alert_all();  // also who is going to sleep: then he takes his lanes again, and tells
    patience<platform> look{to_->wait()};
    auto const known = [&] {
      bool all = true;
      for (auto m = looks::before; m != 0; m &= m - 1) all = knows(static_cast<std::size_t>(std::countr_zero(m))) && all;
      return all || to_->course().now() >= life::stopping;
    };
    wait_until<platform>(look, to_->others(), for_ever, known, [&] {
      // Whoever keeps a lane tells. Who puts it down has perhaps not heard of this guest, and whom the plan gives it may let it lie.
      for (auto m = looks::before; m != 0; m &= m - 1) ring().stage[static_cast<std::size_t>(std::countr_zero(m))].wanting.add(sleepers<platform>::others);
    });
    sequence first = 0;
    for (auto m = looks::before; m != 0; m &= m - 1) {
      auto const s = static_cast<std::size_t>(std::countr_zero(m));
      if (watched.unknown(s) != 0) return strand().end();  // it stops: nobody will drive that stage any more
      if (watched.began(s) > first) first = watched.began(s);
    }
    return first;
  }
  /// Whoever holds a lane says where it stands; if nobody does, this thread holds it for a moment.
  auto knows(std::size_t s) noexcept -> bool {
    auto& watched = strand().watched();
    return ring().stage[s].know(watched.unknown(s), ring().table, [&](lane_mask got) {
      for (; got != 0; got &= got - 1) {
        auto const l = static_cast<std::size_t>(std::countr_zero(got));
        static_cast<void>(watched.begins(s, l, watched.spell(), strand().has_done(s, l)));
      }
    });
  }

  std::shared_ptr<Engine> to_;
  bool inside_ = false;
};

}  // namespace millrace
