// SPDX-License-Identifier: MIT
// moodycamel's queues, bounded like everybody's ring: ConcurrentQueue with tokens and bulk takes, ReaderWriterQueue.
#pragma once

#include <concurrentqueue/concurrentqueue.h>
#include <readerwriterqueue/readerwriterqueue.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace bench::moodycamel_queues {

/// Large blocks, as its documentation advises for throughput; a bound for each producer.
template <std::int64_t Capacity>
struct traits : moodycamel::ConcurrentQueueDefaultTraits {
  static constexpr std::size_t BLOCK_SIZE = 256;
  static constexpr std::size_t MAX_SUBQUEUE_SIZE = static_cast<std::size_t>(Capacity);
};

/// For many producers and consumers; each end has its token. The order is that of each producer.
template <typename Value, std::int64_t Capacity>
class concurrent {
  using queue = moodycamel::ConcurrentQueue<Value, traits<Capacity>>;

 public:
  class put_end {
   public:
    explicit put_end(queue& into) : queue_{&into}, token_{into} {}
    auto put(Value const& value) -> std::size_t { return queue_->enqueue(token_, value) ? 1 : 0; }
    auto put(Value const* values, std::size_t n) -> std::size_t { return queue_->enqueue_bulk(token_, values, n) ? n : 0; }

   private:
    queue* queue_;
    moodycamel::ProducerToken token_;
  };
  class take_end {
   public:
    explicit take_end(queue& from) : queue_{&from}, token_{from} {}
    template <typename Each>
    auto take(std::size_t most, Each&& each) -> std::size_t {
      auto const n = queue_->try_dequeue_bulk(token_, some_.data(), std::min(most, some_.size()));
      for (std::size_t i = 0; i < n; ++i) each(some_[i]);
      return n;
    }

   private:
    queue* queue_;
    moodycamel::ConsumerToken token_;
    std::array<Value, 256> some_{};
  };
  auto sender() -> put_end { return put_end{queue_}; }
  auto receiver() -> take_end { return take_end{queue_}; }

 private:
  queue queue_{static_cast<std::size_t>(Capacity)};
};

/// For one producer and one consumer; never allocates.
template <typename Value, std::int64_t Capacity>
class reader_writer {
 public:
  auto sender() noexcept -> reader_writer& { return *this; }
  auto receiver() noexcept -> reader_writer& { return *this; }
  auto put(Value const& value) -> std::size_t { return queue_.try_enqueue(value) ? 1 : 0; }
  template <typename Each>
  auto take(std::size_t, Each&& each) -> std::size_t {
    Value value;
    if (!queue_.try_dequeue(value)) return 0;
    each(value);
    return 1;
  }

 private:
  moodycamel::ReaderWriterQueue<Value> queue_{static_cast<std::size_t>(Capacity)};
};

}  // namespace bench::moodycamel_queues
