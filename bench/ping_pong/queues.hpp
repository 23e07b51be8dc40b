// SPDX-License-Identifier: MIT
// Round trips over two queues.
#pragma once

#include <memory>

#include "ping_pong/two_threads.hpp"
#include "support/check.hpp"
#include "support/queue_loops.hpp"

namespace bench::ping_pong {

/// One way. Each end has a line of its own.
template <template <typename, std::int64_t> typename Queue>
class way {
  using queue = Queue<message, capacity>;

 public:
  void send(std::int64_t number) { bench::send(out_.end, message{number}, sender_waits_); }
  auto receive(std::int64_t) -> std::int64_t { return receive_one<message>(in_.end, receiver_waits_).number; }

 private:
  std::unique_ptr<queue> queue_ = std::make_unique<queue>();
  alignas(line) decltype(sender_of(std::declval<queue&>())) out_ = sender_of(*queue_);
  patience sender_waits_{2};
  alignas(line) decltype(receiver_of(std::declval<queue&>())) in_ = receiver_of(*queue_);
  patience receiver_waits_{2};
};

template <template <typename, std::int64_t> typename Queue>
auto over(char const* contender, char const* variant) -> entry {
  return {.where = &topic,
          .job = job,
          .contender = contender,
          .variant = variant,
          .run = [contender](load const& l) { return between_two_threads<way<Queue>, way<Queue>>(l, contender); }};
}
/// Of queues that sleep: their round trips take a hundred times as long.
template <template <typename, std::int64_t> typename Queue>
auto over_sleeping(char const* contender, char const* variant) -> entry {
  auto one = over<Queue>(contender, variant);
  one.share = 0.03;
  return one;
}

}  // namespace bench::ping_pong
