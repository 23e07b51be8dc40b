// SPDX-License-Identifier: MIT
// Which stages stand still though they could go on. It reads cursors, and counts that workers keep anyway: nobody pays for it
// but who looks, and it needs no thread of its own.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include <millrace/base/config.hpp>
#include <millrace/run/engine.hpp>
#include <millrace/run/stall.hpp>

namespace millrace {

template <typename Engine>
class watchdog;

/// Sees stages that do not advance though events are there for them. Made by run.watchdog(); it may outlive the runner.
///
/// Called by  one thread at a time, any; each watchdog has a memory of its own.
/// Waits      never, but for somebody who is hanging up a plan.
template <typename Pipeline, typename Platform>
class watchdog<engine<Pipeline, Platform>> {
 public:
  using engine_type = engine<Pipeline, Platform>;

  MILLRACE_COLD explicit watchdog(std::shared_ptr<engine_type const> at) : at_{std::move(at)}, seen_(engine_type::stages) { static_cast<void>(look({})); }

  /// The stages that have stood still for `d` or longer. That is counted from the first look that found a stage where it is though
  /// it could go on, so look now and then: `since` is short by the time between two looks at most, and `look(0ns)` tells all that are
  /// not at their end just now. Of stages that one worker runs as one loop the first is
  /// told, with the last. A stage that waits for room, or for a stage before it, is not stalled.
  [[nodiscard]] MILLRACE_COLD auto look(std::chrono::nanoseconds d) -> std::vector<stall> {
    std::vector<stall> found;
    auto const now = Platform::now();
    auto const life_now = at_->course().now();
    engine_type::each_ring([&]<std::size_t R>(std::integral_constant<std::size_t, R>) { look_at<R>(now, life_now, d.count(), found); });
    return found;
  }

 private:
  struct memory {
    sequence at = -1;
    std::int64_t since = 0;   // the first look that found it there though it could go on
    std::size_t by = 0;       // who held it
    std::int64_t turns = -1;  // what he had done
    bool could = false;
  };

  template <std::size_t R>
  MILLRACE_COLD void look_at(std::int64_t now, life life_now, std::int64_t d, std::vector<stall>& found) {
    auto const& strand = at_->template strand_number<R>();
    auto const& ring = strand.ring();
    using segment = typename std::remove_cvref_t<decltype(strand)>::segment;
    auto const first = strand.first_stage();
    std::size_t told = 0;
    for (std::size_t s = 0; s < segment::stages; ++s) {
      auto const& stage = ring.stage[s];
      auto const at = stage.reached();
      std::size_t lane = 0;  // the last one
      while (lane + 1 < stage.count() && stage.at(lane) > at) ++lane;
      auto const held = (stage.held() >> lane & 1) != 0;
      auto const by = stage.count() == 1 ? strand.taker(s) : planned(first + s, lane);
      auto const turns = turns_of(by);
      auto& m = seen_[first + s];
      bool const stands = m.at == at;
      bool const away = held && stands && m.by == by && m.turns == turns;
      bool const could_now = !at_->course().closed(first + s) && (life_now >= life::stopping ? held : life_now != life::paused && could<R>(s, at));
      auto const since = stands && m.could ? m.since : now;
      m = {.at = at, .since = since, .by = by, .turns = turns, .could = could_now};
      if (!could_now || now - since < d || s < told) continue;
      auto last = s;
      while (held && stage.count() == 1 && last + 1 < segment::stages && ring.stage[last + 1].held() != 0 && strand.taker(last + 1) == by && ring.stage[last + 1].reached() == at) ++last;
      found.push_back({.stage = segment::name(s), .last = segment::name(last), .at = at, .worker = held ? by : planned(first + s, lane), .held = held, .in_handler = away,
                       .since = std::chrono::nanoseconds{now - since}});
      told = last + 1;
    }
  }
  /// There are events for it, and room behind it.
  template <std::size_t R>
  [[nodiscard]] auto could(std::size_t s, sequence at) const noexcept -> bool {
    auto const& strand = at_->template strand_number<R>();
    auto const& ring = strand.ring();
    using segment = typename std::remove_cvref_t<decltype(strand)>::segment;
    if constexpr (R + 1 < engine_type::rings) {
      auto const& next = at_->template strand_number<R + 1>().ring();
      if (segment::expands(s) && next.entered() - next.gate.reached() >= next.size.slots()) return false;
      if (segment::awaits_parts(s) && next.entered() != next.gate.reached()) return false;
    }
    if (strand.without_room(s)) return false;
    auto const upstream = segment::waits_for(s);
    if (upstream != 0) return ring.reached(upstream) > at;
    if constexpr (segment::own_source) return ring.gate.reached() + ring.size.slots() > at;
    else return ring.entered() > at;
  }
  /// How often the worker has looked for events of this runner, and found some or none.
  [[nodiscard]] MILLRACE_COLD auto turns_of(std::size_t worker) const noexcept -> std::int64_t {
    std::int64_t sum = 0;
    at_->each_strand([&](auto const& strand) {
      auto const& seat = strand.seat_of(worker);
      for (auto const& n : seat.batches) sum += n.read();
      sum += seat.empty_looks.read() + seat.full_looks.read();
    });
    return sum;
  }
  [[nodiscard]] MILLRACE_COLD auto planned(std::size_t stage, std::size_t lane) const -> std::size_t {
    auto const p = at_->board().current();
    for (std::size_t w = 0; w < p.workers(); ++w)
      if ((p.lanes(w, stage) >> lane & 1) != 0) return w;
    return 0;
  }

  std::shared_ptr<engine_type const> at_;
  std::vector<memory> seen_;
};

}  // namespace millrace
