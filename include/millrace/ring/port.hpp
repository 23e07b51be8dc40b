// SPDX-License-Identifier: MIT
// Where a stage of one ring publishes into the next one: slots are filled directly, and the other side is asked once for a block of
// them. It never waits: a stage that finds no room goes on another time.
#pragma once
#include <cstddef>
#include <cstdint>
#include <utility>

#include <millrace/base/config.hpp>
#include <millrace/ring/column.hpp>

namespace millrace {

/// The entry of a ring, as the stage sees it that publishes there. Called once for a block of events, never for each.
class intake {
 public:
  intake() = default;
  intake(intake const&) = delete;
  auto operator=(intake const&) -> intake& = delete;

  // ---- by the holder of the stage
  /// The first sequence for which there is no room, or not yet.
  virtual auto room() -> sequence = 0;
  /// The next `n` events are there.
  virtual void show(std::int64_t n) = 0;
  /// Nothing more will come.
  virtual void no_more() = 0;
  // ---- by any worker
  virtual auto has_room() noexcept -> bool = 0;
  /// The first event that has not passed all stages of the ring.
  [[nodiscard]] virtual auto passed() const noexcept -> sequence = 0;
  /// Sets the worker's bit wherever room may come from, and what has passed may grow.
  virtual void wait_for_room(std::size_t worker) noexcept = 0;
  /// Nothing more is let in.
  virtual void shut() noexcept = 0;

 protected:
  ~intake() = default;  // whoever owns one knows what it is
};

/// The publishing end. Belongs to the stage: used under its hold bit.
template <typename T>
struct port {
  using column_type = column<T, lives_in_ring<T>>;

  void open(column_type& slots, sequence mask, intake& next_ring) noexcept { slots_ = &slots, mask_ = mask, to = &next_ring; }

  [[nodiscard]] MILLRACE_INLINE auto has_room() -> bool { return next_ < room_ || (show(), room_ = to->room(), next_ < room_); }
  /// The sequence of the next event that is put.
  [[nodiscard]] auto next() const noexcept -> sequence { return next_; }
  /// The next event becomes what `make()` returns. There is room.
  template <typename Make>
  MILLRACE_INLINE void put(Make&& make) {
    slots_->put(static_cast<std::size_t>(next_ & mask_), make);
    ++next_;
  }
  /// Publishes what has been put.
  void show() {
    if (next_ != shown_) to->show(next_ - std::exchange(shown_, next_));
  }

  intake* to = nullptr;

 private:
  column_type* slots_ = nullptr;
  sequence mask_ = 0, next_ = 0, shown_ = 0, room_ = 0;
};
/// Of a ring that is the last.
template <>
struct port<void> {
  intake* to = nullptr;
};

}  // namespace millrace
