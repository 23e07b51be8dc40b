// SPDX-License-Identifier: MIT
// The standard library's own: a mutex, two condition variables, and what is between them. Both ends sleep.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <vector>

namespace bench::with_mutex {

/// A deque; one value for each lock, as one writes it first.
template <typename Value, std::int64_t Capacity>
class deque {
 public:
  auto sender() noexcept -> deque& { return *this; }
  auto receiver() noexcept -> deque& { return *this; }
  auto put(Value const& value) -> std::size_t {
    {
      std::unique_lock guard{mutex_};
      room_.wait(guard, [&] { return values_.size() < static_cast<std::size_t>(Capacity); });
      values_.push_back(value);
    }
    there_.notify_one();
    return 1;
  }
  template <typename Each>
  auto take(std::size_t, Each&& each) -> std::size_t {
    std::unique_lock guard{mutex_};
    there_.wait(guard, [&] { return !values_.empty(); });
    auto const value = values_.front();
    values_.pop_front();
    guard.unlock();
    room_.notify_one();
    each(value);
    return 1;
  }

 private:
  std::mutex mutex_;
  std::condition_variable there_, room_;
  std::deque<Value> values_;
};

/// A vector that the consumer swaps for its empty one; who adds to an empty one wakes it, who empties a full one wakes all producers.
template <typename Value, std::int64_t Capacity>
class swapped {
 public:
  auto sender() noexcept -> swapped& { return *this; }
  auto receiver() noexcept -> swapped& { return *this; }
  auto put(Value const& value) -> std::size_t { return put(&value, 1); }
  auto put(Value const* values, std::size_t n) -> std::size_t {
    bool first = false;
    {
      std::unique_lock guard{mutex_};
      room_.wait(guard, [&] { return values_.size() < most; });
      first = values_.empty();
      n = std::min(n, most - values_.size());
      values_.insert(values_.end(), values, values + n);
    }
    if (first) there_.notify_one();
    return n;
  }
  template <typename Each>
  auto take(std::size_t, Each&& each) -> std::size_t {
    {
      std::unique_lock guard{mutex_};
      there_.wait(guard, [&] { return !values_.empty(); });
      taken_.clear();
      taken_.swap(values_);
    }
    if (taken_.size() == most) room_.notify_all();
    for (auto const& value : taken_) each(value);
    return taken_.size();
  }

 private:
  static constexpr auto most = static_cast<std::size_t>(Capacity);
  std::mutex mutex_;
  std::condition_variable there_, room_;
  std::vector<Value> values_, taken_;
};

}  // namespace bench::with_mutex
