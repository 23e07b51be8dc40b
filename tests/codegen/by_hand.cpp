// SPDX-License-Identifier: MIT
// The functions of library.cpp as one would write them for this machine alone: atomic members, orders spelled at the call.
// What is called when the common case does not hold (asking the consumers for room, waking who sleeps) is only declared.
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include <millrace/base/status.hpp>
#include <millrace/sync/barrier.hpp>

namespace by_hand {

using millrace::status;
using room_of = millrace::barrier<millrace::std_platform>;
using sleeper_table = millrace::sleepers<millrace::std_platform>;
using enum std::memory_order;
#ifdef SPOILT  // stronger than it need be, to show that a difference is found
constexpr auto to_publish = seq_cst;
#else
constexpr auto to_publish = release;
#endif

/// Who sleeps until something moves, and whether it is closed.
struct mask {
  std::atomic<std::uint64_t> bits;

  auto look() -> std::uint64_t {
    std::atomic_signal_fence(seq_cst);
    return bits.load(relaxed);
  }
  auto closed() -> bool { return look() != 0 && surely_closed(); }
  auto notify(sleeper_table const& table) -> bool {
    if (look() != 0) [[unlikely]] return !wake(table);
    return false;
  }
  auto surely_closed() noexcept -> bool;
  auto wake(sleeper_table const& table) noexcept -> bool;
};

struct producer {
  alignas(64) std::atomic<std::int64_t> published;
  alignas(64) mask waiting;
  std::atomic<std::int64_t> end;
  alignas(64) std::int64_t room;
  std::int64_t slots;

  auto next() const -> std::int64_t { return published.load(relaxed); }
  auto ask_for_room(std::int64_t n, room_of const& gate) noexcept -> status;  // the ring seems full

  auto try_claim(std::int64_t n, room_of const& gate) -> status {
    if (n > room - next() || n <= 0) [[unlikely]]
      if (auto const s = ask_for_room(n, gate); s != status::ok) return s;
    return open_now();
  }
  auto open_now() -> status { return waiting.closed() ? status::closed : status::ok; }
  auto publish(std::int64_t n, sleeper_table const& table) -> status { return publish_to(next() + n, table); }
  auto publish_to(std::int64_t to, sleeper_table const& table) -> status {
    published.store(to, to_publish);
    return waiting.notify(table) ? in_time(to) : status::ok;
  }
  auto readable() -> std::int64_t {
    auto const all = published.load(acquire);
    return waiting.closed() ? up_to_the_end(all) : all;
  }
  auto in_time(std::int64_t to) const noexcept -> status;
  auto up_to_the_end(std::int64_t all) const noexcept -> std::int64_t;
};

struct lane_set {
  alignas(64) std::atomic<std::uint64_t> waiting;
  std::atomic<std::uint64_t> wanting;
  std::size_t count;
  alignas(64) std::atomic<std::uint64_t> held;
  alignas(64) std::array<std::atomic<std::int64_t>, 64> at;
};

}  // namespace by_hand
using namespace by_hand;

extern "C" {

void cursor_publish(std::atomic<std::int64_t>& c, std::int64_t to) { c.store(to, to_publish); }
auto cursor_published(std::atomic<std::int64_t> const& c) -> std::int64_t { return c.load(acquire); }

auto producer_try_claim(producer& p, std::int64_t n, room_of const& gate) -> status { return p.try_claim(n, gate); }
auto producer_open_now(producer& p) -> status { return p.open_now(); }
auto producer_readable(producer& p) -> std::int64_t { return p.readable(); }
auto producer_publish(producer& p, std::int64_t n, sleeper_table const& table) -> status { return p.publish(n, table); }
auto producer_publish_to(producer& p, std::int64_t to, sleeper_table const& table) -> status { return p.publish_to(to, table); }

auto lanes_take(lane_set& l, std::uint64_t wanted) -> std::uint64_t {
  if ((wanted & ~l.held.load(acquire)) == 0) return 0;
  return wanted & ~l.held.fetch_or(wanted, acq_rel);
}
void lanes_put(lane_set& l, std::uint64_t mine) { l.held.fetch_and(~mine, acq_rel); }
auto lanes_at(lane_set const& l, std::size_t lane) -> std::int64_t { return l.at[lane].load(acquire); }

}  // extern "C"
