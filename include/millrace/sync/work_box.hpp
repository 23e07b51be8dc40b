// SPDX-License-Identifier: MIT
// Things to run, posted by anybody, drained by one thread. They are links of whoever wants to be run, so that posting can neither
// fail nor allocate.
#pragma once
#include <cstdint>
#include <utility>

#include <millrace/base/cache_line.hpp>
#include <millrace/sync/platform.hpp>
#include <millrace/sync/relax.hpp>

namespace millrace {

/// Something to be run once for each time it is posted. Lives in who wants it: a coroutine's frame, a pooled state.
struct work {
  enum place : std::uint8_t { idle, queued, running };

  void (*run)(work*) noexcept = nullptr;
  work *next = nullptr, *before = nullptr;  // null while it is nowhere, so whoever posts it need not touch it
  place where = idle;                       // the draining thread's
};

/// push: by anybody. All else belongs to the thread that drains, so taking something out again needs no lock: what waits here may
/// be destroyed where it could be run.
template <typename Platform>
class work_box {
 public:
  /// True: there was nothing, so who drains may be asleep.
  /// Called by  anybody. `w` may be gone when this returns.
  /// Costs      a read-modify-write of the box's line; of `w` nothing is touched if the box is empty.
  auto push(work& w) noexcept -> bool {
    fetch_for_writing(&top_);  // or the look fetches the line for reading, and the exchange once more
    auto* top = top_.load(std::memory_order::relaxed);  // a guess
    if (top != nullptr) w.next = top;
    while (!top_.compare_exchange_weak(top, &w, Platform::template order<site::work_push>(std::memory_order::release),  // pairs with grab()
                                       std::memory_order::relaxed))  // a guess
      w.next = top;
    return top == nullptr;
  }
  [[nodiscard]] auto empty() const noexcept -> bool {
    return first_ == nullptr && top_.load(std::memory_order::relaxed) == nullptr;  // who sleeps on this looks again behind an event count
  }
  /// The oldest, or null.
  [[nodiscard]] auto pop() noexcept -> work* {
    if (first_ == nullptr) grab();
    auto* const w = first_;
    if (w == nullptr) return nullptr;
    unlink(*w);
    w->where = work::running;
    return w;
  }
  /// Takes it out. What it was: `queued`, and it will not run; `idle`: it is not there, or not yet.
  auto take_back(work& w) noexcept -> work::place {
    grab();
    auto const was = w.where;
    if (was == work::queued) unlink(w), w.where = work::idle;
    return was;
  }

 private:
  void unlink(work& w) noexcept {
    (w.before != nullptr ? w.before->next : first_) = w.next;
    (w.next != nullptr ? w.next->before : last_) = w.before;
    w.next = nullptr;
  }
  /// What was posted goes behind what is here, the oldest first.
  void grab() noexcept {
    auto const* const top = top_.load(std::memory_order::relaxed);  // a look: the exchange takes over what is there
    if (top == nullptr) return;
    fetch_for_writing(top + 1);  // what it is to run with stands behind it, and was written by who posted it: so it comes while the exchange waits
    fetch_for_writing(top + 2);
    auto* const newest = top_.exchange(nullptr, Platform::template order<site::work_grab>(std::memory_order::acquire));  // pairs with push()
    work* newer = nullptr;
    for (auto* w = newest; w != nullptr;) {
      auto* const older = w->next;
      w->next = std::exchange(newer, w);
      w->before = older;
      w->where = work::queued;
      w = older;
    }
    if (newer == nullptr) return;
    newer->before = last_;
    (last_ != nullptr ? last_->next : first_) = newer;
    last_ = newest;
  }

  alignas(cache_line_size) typename Platform::template atomic<work*> top_{nullptr};
  alignas(cache_line_size) work* first_ = nullptr;
  work* last_ = nullptr;
};

}  // namespace millrace
