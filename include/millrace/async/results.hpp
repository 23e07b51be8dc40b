// SPDX-License-Identifier: MIT
// A range goes in, and what flows out comes back as a range, in order: `for (auto&& r : mr::results_of(in, orders))`.
#pragma once
#include <cstddef>
#include <iterator>
#include <utility>

#include <millrace/async/future.hpp>
#include <millrace/async/reply.hpp>
#include <millrace/async/replying_input.hpp>
#include <millrace/base/owned.hpp>

namespace millrace {

/// An input range of reply<R>, one for each element of `events`, in their order. It keeps up to `ahead` of them under way, fewer if the
/// ring or the pool has no place for more; what is under way when it is destroyed passes, and its replies are dropped.
///
/// Called by  one thread.
/// Waits      for the reply to the next element; for room only if none of its own events is under way.
/// Costs      an allocation of `ahead` futures when it begins.
template <typename Input, typename Iterator, typename Sentinel>
class [[nodiscard]] replies_in_order {
  using future_type = typename Input::future_type;

 public:
  using value_type = reply<typename Input::result>;
  class iterator {
   public:
    using value_type = replies_in_order::value_type;
    using difference_type = std::ptrdiff_t;
    explicit iterator(replies_in_order* of) noexcept : of_{of} {}
    auto operator*() const noexcept -> value_type& { return of_->now_; }
    auto operator->() const noexcept -> value_type* { return &of_->now_; }
    auto operator++() -> iterator& { return of_->advance(), *this; }
    void operator++(int) { of_->advance(); }
    [[nodiscard]] auto operator==(std::default_sentinel_t) const noexcept -> bool { return of_->over_; }

   private:
    replies_in_order* of_;
  };

  replies_in_order(Input& in, Iterator first, Sentinel last, std::size_t ahead)
      : in_{in}, next_{std::move(first)}, last_{std::move(last)}, size_{ahead == 0 ? 1 : ahead}, under_way_{new future_type[size_]} {}
  replies_in_order(replies_in_order const&) = delete;
  auto operator=(replies_in_order const&) -> replies_in_order& = delete;

  /// Once.
  [[nodiscard]] auto begin() -> iterator { return advance(), iterator{this}; }
  [[nodiscard]] auto end() const noexcept -> std::default_sentinel_t { return {}; }

 private:
  void advance() {
    while (count_ < size_ && next_ != last_) {
      auto f = count_ == 0 ? in_.submit(event_of(next_)) : in_.try_submit(event_of(next_));
      if (count_ != 0 && f.was_refused() && !in_.closed()) break;  // later, when one of those under way is back
      under_way_[(front_ + count_++) % size_] = std::move(f);
      ++next_;
    }
    over_ = count_ == 0;
    if (over_) return;
    now_ = under_way_[front_].take();
    front_ = (front_ + 1) % size_, --count_;
  }
  // Asked again if there was no place for it, so it is copied.
  static auto event_of(Iterator& i) -> typename Input::event { return typename Input::event(*i); }

  Input& in_;
  Iterator next_;
  Sentinel last_;
  std::size_t size_, front_ = 0, count_ = 0;
  owned<future_type[]> under_way_;
  value_type now_;
  bool over_ = false;
};

template <typename Input, typename Events>
auto results_of(Input& in, Events& events, std::size_t ahead = 64) {
  return replies_in_order<Input, decltype(std::begin(events)), decltype(std::end(events))>{in, std::begin(events), std::end(events), ahead};
}

/// The same with the usual number ahead: `for (auto& r : in << orders)`. Both are to outlive the range.
template <typename Plain, typename Desk, typename Events>
auto operator<<(replying_input<Plain, Desk>& in, Events& events) { return results_of(in, events); }

}  // namespace millrace
