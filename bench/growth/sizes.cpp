// SPDX-License-Identifier: MIT
// Unicast with rings of 64 to a million slots, with batches of 1 to 1024, and with events of 8 bytes to a kilobyte.
#include <array>
#include <memory>
#include <vector>

#include "growth/curve.hpp"
#include "support/check.hpp"
#include "support/hand_written.hpp"
#include "support/lmax_graph.hpp"
#include "support/millrace.hpp"

namespace bench::growth {
namespace {

/// The producer writes all of it; the consumer reads the first and the last word.
template <std::size_t Bytes>
struct event {
  std::array<std::int64_t, Bytes / 8> words;
};
template <std::size_t Bytes>
constexpr auto fill = [](event<Bytes>& e, std::int64_t i) noexcept { e.words.fill(i); };
template <std::size_t Bytes>
struct add_up {
  std::int64_t sum = 0;
  void operator()(event<Bytes> const& e) noexcept { sum = opaque(sum + e.words.front() + e.words.back()); }
};
auto expected(std::int64_t events) -> std::int64_t { return events * (events - 1); }

template <std::size_t Bytes>
auto by_hand(std::int64_t capacity, std::int64_t batch) {
  return [=](load const& l) {
    add_up<Bytes> consumer;
    auto const result = stream<event<Bytes>, 0>(l.events, capacity, batch, fill<Bytes>, consumer);
    expect_equal("growth, by hand", consumer.sum, expected(l.events));
    return result;
  };
}
template <std::size_t Bytes>
auto millrace(std::int64_t capacity, std::int64_t batch) {
  return [=](load const& l) {
    constexpr char const* name = "growth, millrace";
    add_up<Bytes> seen;
    auto crew = one_worker();
    mr::runner run{mr::from<event<Bytes>>() | mr::tap<"sum">(reporting<add_up<Bytes>>{{}, &seen}), crew,
                   {.capacity = static_cast<std::size_t>(capacity), .plan = mr::fused}};
    auto const result = drive<event<Bytes>>(run, name, l.events, batch, fill<Bytes>);
    expect_equal(name, seen.sum, expected(l.events));
    return result;
  };
}
template <std::size_t Bytes>
auto lmax_style(std::int64_t capacity, std::int64_t batch) {
  return [=](load const& l) {
    add_up<Bytes> consumer;
    auto const result = lmax::chain<event<Bytes>, lmax::yielding, lmax::full_yields>(l.events, capacity, batch, fill<Bytes>, consumer);
    expect_equal("growth, lmax-style", consumer.sum, expected(l.events));
    return result;
  };
}

constexpr topology ring = curve("growth_ring", "slots of the ring, 8-byte events", 103);
constexpr topology batch = curve("growth_batch", "events for each publish, 8 bytes each, ring of 65536", 104);
constexpr topology size = curve("growth_event", "bytes of an event, ring of 8192", 105);

template <std::size_t Bytes>
void add(std::vector<entry>& all, topology const& where, std::int64_t at, char const* of_what, std::int64_t capacity, std::int64_t n, double share) {
  all.push_back(point(where, at, of_what, "hand-written", "ring", role::limit, share, by_hand<Bytes>(capacity, n)));
  all.push_back(point(where, at, of_what, "millrace", "fused", role::contender, share, millrace<Bytes>(capacity, n)));
  all.push_back(point(where, at, of_what, "lmax-style", "yielding", role::lmax, share, lmax_style<Bytes>(capacity, n)));
}
auto everything() -> std::vector<entry> {
  std::vector<entry> all;
  for (std::int64_t slots = 64; slots <= 1 << 20; slots *= 4) add<8>(all, ring, slots, "slots", slots, 1, slots < 1024 ? 0.1 : 1);
  for (std::int64_t n = 1; n <= 1024; n *= 4) add<8>(all, batch, n, "a publish", 65536, n, 1);
  [&]<std::size_t... Words>(std::index_sequence<Words...>) {
    (add<8 * Words>(all, size, 8 * Words, "bytes", 8192, 1, 1.0 / (1.0 + static_cast<double>(Words) / 16)), ...);
  }(std::index_sequence<1, 2, 4, 8, 16, 32, 64, 128>{});
  return all;
}
enter const entered{everything()};

}  // namespace
}  // namespace bench::growth
