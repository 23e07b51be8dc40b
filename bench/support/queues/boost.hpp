// SPDX-License-Identifier: MIT
// Boost.Lockfree: spsc_queue with its capacity known to the compiler, and queue with all its nodes allocated beforehand.
#pragma once

#include <algorithm>
#include <boost/lockfree/queue.hpp>
#include <boost/lockfree/spsc_queue.hpp>
#include <cstddef>
#include <cstdint>

namespace bench::boost_lockfree {

/// Takes one at a time.
template <typename Value, std::int64_t Capacity>
class spsc_pop {
 public:
  auto sender() noexcept -> spsc_pop& { return *this; }
  auto receiver() noexcept -> spsc_pop& { return *this; }
  auto put(Value const& value) noexcept -> std::size_t { return queue_.push(value) ? 1 : 0; }
  auto put(Value const* values, std::size_t n) noexcept -> std::size_t { return queue_.push(values, n); }
  template <typename Each>
  auto take(std::size_t, Each&& each) -> std::size_t {
    Value value;
    if (!queue_.pop(value)) return 0;
    each(value);
    return 1;
  }

 protected:
  boost::lockfree::spsc_queue<Value, boost::lockfree::capacity<static_cast<std::size_t>(Capacity)>> queue_;
};

/// Takes all that is there at once.
template <typename Value, std::int64_t Capacity>
class spsc_all : public spsc_pop<Value, Capacity> {
 public:
  auto sender() noexcept -> spsc_all& { return *this; }
  auto receiver() noexcept -> spsc_all& { return *this; }
  template <typename Each>
  auto take(std::size_t, Each&& each) -> std::size_t {
    return this->queue_.consume_all([&](Value const& value) { each(value); });
  }
};

/// For many producers and consumers. Its nodes have 16-bit numbers.
template <typename Value, std::int64_t Capacity>
class mpmc {
 public:
  auto sender() noexcept -> mpmc& { return *this; }
  auto receiver() noexcept -> mpmc& { return *this; }
  auto put(Value const& value) noexcept -> std::size_t { return queue_.bounded_push(value) ? 1 : 0; }
  template <typename Each>
  auto take(std::size_t, Each&& each) -> std::size_t {
    Value value;
    if (!queue_.pop(value)) return 0;
    each(value);
    return 1;
  }

 private:
  boost::lockfree::queue<Value, boost::lockfree::fixed_sized<true>> queue_{static_cast<std::size_t>(std::min<std::int64_t>(Capacity, 65'534))};
};

}  // namespace bench::boost_lockfree
