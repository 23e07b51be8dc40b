// SPDX-License-Identifier: MIT
// atomic_queue: AtomicQueue where a value fits into an atomic, AtomicQueue2 where it does not; sizes known to the compiler.
#pragma once

#include <atomic_queue/atomic_queue.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace bench::atomic_queues {

/// Values of the size of a word or a byte go as such; all bits set is nobody's value.
template <typename Value>
using atom = std::conditional_t<sizeof(Value) == 8, std::uint64_t, std::conditional_t<sizeof(Value) == 1, std::uint8_t, Value>>;
template <typename Value>
inline constexpr bool fits = !std::is_same_v<atom<Value>, Value> || std::is_same_v<Value, std::uint64_t>;

template <typename Value, std::int64_t Capacity, bool One, bool Throughput>
struct of {
  using type = ::atomic_queue::AtomicQueue2<Value, static_cast<unsigned>(Capacity), true, Throughput, false, One>;
};
template <typename Value, std::int64_t Capacity, bool One, bool Throughput>
  requires(fits<Value>)
struct of<Value, Capacity, One, Throughput> {
  using type = ::atomic_queue::AtomicQueue<atom<Value>, static_cast<unsigned>(Capacity), static_cast<atom<Value>>(-1), true, Throughput, false, One>;
};

/// `One` producer and one consumer, or many. `Optimist`: it waits inside the queue, without giving way.
template <typename Value, std::int64_t Capacity, bool One, bool Optimist, bool Throughput = true>
class wrapped {
 public:
  auto sender() noexcept -> wrapped& { return *this; }
  auto receiver() noexcept -> wrapped& { return *this; }
  auto put(Value const& value) noexcept -> std::size_t {
    if constexpr (Optimist) return queue_.push(in(value)), std::size_t{1};
    else return queue_.try_push(in(value)) ? 1 : 0;
  }
  template <typename Each>
  auto take(std::size_t, Each&& each) -> std::size_t {
    if constexpr (Optimist) return each(out(queue_.pop())), std::size_t{1};
    if constexpr (!Optimist) {
      carried value{};
      if (!queue_.try_pop(value)) return 0;
      each(out(value));
      return 1;
    }
  }

 private:
  using carried = std::conditional_t<fits<Value>, atom<Value>, Value>;
  static auto in(Value const& value) noexcept -> carried {
    if constexpr (fits<Value>) return std::bit_cast<carried>(value);
    else return value;
  }
  static auto out(carried const& value) noexcept -> Value {
    if constexpr (fits<Value>) return std::bit_cast<Value>(value);
    else return value;
  }
  typename of<Value, Capacity, One, Throughput>::type queue_;
};

template <typename Value, std::int64_t Capacity>
using one_to_one = wrapped<Value, Capacity, true, false>;
template <typename Value, std::int64_t Capacity>
using one_to_one_optimist = wrapped<Value, Capacity, true, true>;
template <typename Value, std::int64_t Capacity>
using one_to_one_soon = wrapped<Value, Capacity, true, true, false>;
template <typename Value, std::int64_t Capacity>
using many_to_many = wrapped<Value, Capacity, false, false>;

}  // namespace bench::atomic_queues
