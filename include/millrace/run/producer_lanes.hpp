// SPDX-License-Identifier: MIT
// A small ring for each producer, from which the source of the pipeline takes events: producers never meet, each one's order is
// kept, and the order among them is that of the taking.
//
// Numbers add up: what has been taken of all lanes is the sequence at which the source stands, what is published in all of them is
// how far it can come, and where all of them end is the end.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <millrace/base/cache_line.hpp>
#include <millrace/base/capacity.hpp>
#include <millrace/base/owned.hpp>
#include <millrace/ring/column.hpp>
#include <millrace/ring/single_producer.hpp>
#include <millrace/run/overflow.hpp>
#include <millrace/stage/lane_merge.hpp>
#include <millrace/sync/barrier.hpp>
#include <millrace/sync/lanes.hpp>
#include <millrace/sync/lent.hpp>
#include <millrace/sync/patience.hpp>
#include <millrace/sync/sole_use.hpp>
#include <millrace/sync/tally.hpp>

namespace millrace {

/// What one producer and the source share: to the handle it is a ring.
template <typename Event, typename Full, typename Platform>
struct alignas(cache_line_size) producer_lane {
  using event = Event;
  static constexpr bool waits_beside = false;

  producer_lane(capacity c, wait_policy const& wait, event_count<Platform>& outside, sleepers<Platform> const& all)
      : size{c}, producer{c}, table{all}, producer_look{wait}, others{outside} {
    gate.add(taken);
    slots.allocate(c);
    slots.construct();
  }
  producer_lane(producer_lane const&) = delete;
  auto operator=(producer_lane const&) -> producer_lane& = delete;
  [[nodiscard]] MILLRACE_INLINE auto events() noexcept -> auto& { return slots; }

  column<Event, lives_in_ring<Event>> slots;
  capacity size;
  single_producer<Platform> producer;
  lanes<Platform> taken;  // by the source
  barrier<Platform> gate;
  sleepers<Platform> const& table;
  patience<Platform> producer_look;
  event_count<Platform>& others;
  tally<Platform> blocked_ns;
  [[no_unique_address]] millrace::overflow<Event, Full, Platform> overflow;
  lent<Platform> lent_input;
  [[no_unique_address]] sole_use<Platform> producer_use;
};

template <typename Event, typename Full, typename Platform>
class producer_lanes {
 public:
  using lane = producer_lane<Event, Full, Platform>;
  using merge = lane_merge<Event>;

  /// Throws     std::bad_alloc; what the event's constructor throws.
  MILLRACE_COLD void open(merge& m, capacity usual, wait_policy const& wait, event_count<Platform>& others, sleepers<Platform> const& table) {
    views_.resize(m.lanes);
    for (auto& v : views_) {
      lanes_.push_back(owned<lane>{new lane(m.capacity == 0 ? usual : capacity{m.capacity}, wait, others, table)});
      v.slots = lanes_.back()->slots.data();
      v.mask = lanes_.back()->size.mask();
    }
    m.of = views_.data();
  }

  // ---- any thread
  [[nodiscard]] auto all() const noexcept -> std::vector<owned<lane>> const& { return lanes_; }
  /// A lane that no handle has; null if there is none.
  [[nodiscard]] auto lend() const noexcept -> lane* {
    for (auto const& l : lanes_)
      if (l->lent_input.lend()) return l.get();
    return nullptr;
  }
  [[nodiscard]] auto entered() const noexcept -> sequence {
    sequence sum = 0;
    for (auto const& l : lanes_) sum += l->producer.entered();
    return sum;
  }
  [[nodiscard]] auto readable() const noexcept -> sequence {
    sequence sum = 0;
    for (auto const& l : lanes_) sum += l->producer.readable();
    return sum;
  }
  [[nodiscard]] auto blocked_ns() const noexcept -> std::int64_t {
    std::int64_t sum = 0;
    for (auto const& l : lanes_) sum += l->blocked_ns.read();
    return sum;
  }
  [[nodiscard]] auto turned_away() const noexcept -> overflow_counts {
    overflow_counts sum;
    for (auto const& l : lanes_) sum += l->overflow.counts();
    return sum;
  }
  /// Registers a worker that waits for events. Followed by Platform::heavy_barrier() and another look.
  void add_waiter(std::size_t bit) noexcept {
    for (auto const& l : lanes_) l->producer.waiting().add(bit);
  }
  /// Waits, by `await(where to sleep, whether it has happened, announcement)`, until the source has taken what is published by now.
  template <typename Await>
  void await_taken(Await await) {
    for (auto const& l : lanes_) {
      auto const target = l->producer.entered();
      await(l->others, [&] { return l->taken.reached() >= target; }, [&] { l->gate.add_waiter(sleepers<Platform>::others); });
    }
  }
  /// Ends all lanes. Where the source will be when it has taken all.
  /// Called by  any thread, one at a time.
  auto close() noexcept -> sequence {
    sequence sum = 0;
    for (auto const& l : lanes_) l->producer.close(), sum += l->producer.end();
    return sum;
  }

  // ---- the holder of the source
  /// Gives back what has been taken, looks for more, and says how far the source may come.
  auto look(merge const& m) noexcept -> sequence {
    sequence sum = 0;
    for (std::size_t k = 0; k < lanes_.size(); ++k) {
      auto& l = *lanes_[k];
      if (auto const to = m.taken(k); to != l.taken.at(0)) {
        l.taken.advance(1, to);
        l.taken.waiting.notify(l.table);
      }
      auto const there = l.producer.readable();
      if (there > views_[k].known) views_[k].known = there;
      sum += views_[k].known;
    }
    return sum;
  }

 private:
  std::vector<owned<lane>> lanes_;
  std::vector<typename merge::view> views_;
};

}  // namespace millrace
