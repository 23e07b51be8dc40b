// SPDX-License-Identifier: MIT
// Who waits for room in a ring without a thread of his own: woken like a producer that sleeps, by whoever makes some.
#pragma once
#include <mutex>

#include <millrace/sync/waiters.hpp>
#include <millrace/sync/work_box.hpp>

namespace millrace {

/// Each piece of work is run once, by whoever advances, when there may be room or the ring is closed.
template <typename Platform>
class room_list final : public sleeps_elsewhere {
 public:
  /// Followed by a bit at the gate, a heavy barrier, and another look.
  void add(work& w) noexcept {
    std::lock_guard const g{mutex_};
    w.before = last_, w.next = nullptr, w.where = work::queued;
    (last_ != nullptr ? last_->next : first_) = &w;
    last_ = &w;
  }
  /// False: it is not there any more; it has run, or runs just now.
  auto remove(work& w) noexcept -> bool {
    std::lock_guard const g{mutex_};
    return w.where == work::queued && (unlink(w), w.where = work::idle, true);
  }
  void wake() noexcept override {
    while (auto* const w = pop()) w->run(w);
  }
  void alert() noexcept override { wake(); }

 private:
  auto pop() noexcept -> work* {
    std::lock_guard const g{mutex_};
    auto* const w = first_;
    if (w != nullptr) unlink(*w), w->where = work::running;
    return w;
  }
  void unlink(work& w) noexcept {
    (w.before != nullptr ? w.before->next : first_) = w.next;
    (w.next != nullptr ? w.next->before : last_) = w.before;
  }

  typename Platform::mutex mutex_;
  work *first_ = nullptr, *last_ = nullptr;
};

}  // namespace millrace
