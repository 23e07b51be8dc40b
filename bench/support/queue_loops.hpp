// SPDX-License-Identifier: MIT
// What is built of queues: a thread for each loop, and a queue between any two that talk. A queue here is a thin wrapper (queues/) with two ends:
//   sender().put(value), put(values, n): how many went in, 0 where it is full; or it blocks until there is room
//   receiver().take(most, each): each(value) for what is there, at most so many; how many that were; or it blocks until there is one
#pragma once

#include <sched.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "support/clock.hpp"
#include "support/cpu.hpp"
#include "support/pin.hpp"
#include "support/problem.hpp"
#include "support/start_line.hpp"

namespace bench {

/// How a thread waits for a queue that does not block: it looks without a pause while each thread has a processor, as these libraries'
/// own benchmarks do; with fewer processors it gives way after a hundred looks, as LMAX's yielding does.
class patience {
 public:
  explicit patience(std::size_t threads) : gives_way_{threads > cpus().size()} {}
  void again() noexcept {
    if (gives_way_ && ++looks_ > 100) sched_yield();
  }
  void found() noexcept { looks_ = 0; }

 private:
  bool gives_way_;
  int looks_ = 0;
};

template <typename Sender, typename Value>
[[gnu::always_inline]] inline void send(Sender& to, Value const& value, patience& wait) {
  while (to.put(value) == 0) wait.again();
  wait.found();
}

/// Handles so many events.
template <typename Receiver, typename Each>
[[gnu::always_inline]] inline void receive(Receiver& from, std::int64_t events, patience wait, Each&& each) {
  while (events > 0) {
    if (auto const n = static_cast<std::int64_t>(from.take(static_cast<std::size_t>(events), each)); n > 0) events -= n, wait.found();
    else wait.again();
  }
}

/// Of a queue that hands out one at a time.
template <typename Value, typename Receiver>
[[gnu::always_inline]] inline auto receive_one(Receiver& from, patience& wait) -> Value {
  Value got{};
  while (from.take(1, [&](Value const& value) { got = value; }) == 0) wait.again();
  wait.found();
  return got;
}

template <typename Sender, typename Value>
concept takes_several = requires(Sender& to, Value const* values) { to.put(values, std::size_t{1}); };

/// The producer's loop. `fill(event, i)` writes the i-th event; a batch of 1, or a queue without batches, uses the single put.
template <typename Event, typename Sender, typename Fill>
[[gnu::always_inline]] inline void fill_into(Sender& to, std::int64_t events, std::int64_t batch, patience wait, Fill fill) {
  constexpr std::int64_t most = 16;
  if constexpr (takes_several<Sender, Event>) {
    std::array<Event, most> some{};
    for (std::int64_t i = 0; batch > 1 && i < events;) {
      auto const n = static_cast<std::size_t>(std::min({batch, most, events - i}));
      for (std::size_t k = 0; k < n; ++k) fill(some[k], i + static_cast<std::int64_t>(k));
      for (std::size_t in = 0; in < n;) {
        if (auto const went = to.put(some.data() + in, n - in); went > 0) in += went, wait.found();
        else wait.again();
      }
      i += static_cast<std::int64_t>(n);
    }
    if (batch > 1) return;
  }
  for (std::int64_t i = 0; i < events; ++i) {
    Event e{};
    fill(e, i);
    send(to, e, wait);
  }
}

/// The end of a queue that its thread keeps: a reference, or an object with a token.
template <typename End>
struct kept {
  End end;
};
template <typename Queue>
auto sender_of(Queue& queue) -> kept<decltype(queue.sender())> {
  return {queue.sender()};
}
template <typename Queue>
auto receiver_of(Queue& queue) -> kept<decltype(queue.receiver())> {
  return {queue.receiver()};
}

/// The put ends of N queues that all get the same.
template <typename Queue, std::size_t N>
class to_all {
 public:
  to_all(std::array<std::unique_ptr<Queue>, N> const& queues, std::size_t threads) : wait_{threads} {
    for (std::size_t i = 0; i < N; ++i) ends_[i].emplace(sender_of(*queues[i]));
  }
  template <typename Value>
  auto put(Value const& value) -> std::size_t {
    for (auto& to : ends_) send(to->end, value, wait_);
    return 1;
  }
  template <typename Value>
    requires takes_several<Queue, Value>
  auto put(Value const* values, std::size_t n) -> std::size_t {
    for (auto& to : ends_)
      for (std::size_t in = 0; in < n;) {
        if (auto const went = to->end.put(values + in, n - in); went > 0) in += went, wait_.found();
        else wait_.again();
      }
    return n;
  }

 private:
  patience wait_;
  std::array<std::optional<decltype(sender_of(std::declval<Queue&>()))>, N> ends_;
};

/// Runs each loop in a thread of its own, and takes the time from when all stand ready until all have ended. The first is the producer.
inline auto race(std::int64_t events, std::vector<std::function<void()>> const& loops) -> measured {
  start_line ready{static_cast<int>(loops.size())};
  stopwatch watch;
  std::vector<std::thread> running;
  for (std::size_t i = 0; i < loops.size(); ++i)
    running.emplace_back([&, i] {
      pin_if_enough(i, loops.size());
      ready.wait();
      if (i == 0) watch.start();
      loops[i]();
    });
  for (auto& thread : running) thread.join();
  watch.stop();
  return throughput(watch, events);
}

/// Of one queue: a producer, and a consumer with its own copy of the handler, whose state may stay in registers.
template <typename Event, typename Queue, typename Fill, typename Handler>
auto through(Queue& queue, std::int64_t events, std::int64_t batch, Fill fill, Handler& handler) -> measured {
  return race(events, {[&, count = events] {
                         auto&& to = queue.sender();
                         fill_into<Event>(to, count, batch, patience{2}, fill);
                       },
                       [&, count = events] {
                         auto mine = handler;
                         auto&& from = queue.receiver();
                         receive(from, count, patience{2}, [&](Event const& e) { mine(e); });
                         handler = mine;
                       }});
}

/// A stage between two queues: what comes in, what goes out.
template <typename In, typename From, typename To, typename Stage>
auto relay(From& from, To& to, std::int64_t events, std::size_t threads, Stage stage) -> std::function<void()> {
  return [&from, &to, events, threads, stage] {
    auto&& out = to.sender();
    auto&& in = from.receiver();
    patience wait{threads};
    receive(in, events, patience{threads}, [&](In const& value) { send(out, stage(value), wait); });
  };
}

}  // namespace bench
