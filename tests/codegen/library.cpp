// SPDX-License-Identifier: MIT
// What claim, publish and consume cost with the library. by_hand.cpp has the same functions without it.
#include <cstdint>

#include <millrace/ring/single_producer.hpp>
#include <millrace/sync/lanes.hpp>

using namespace millrace;
using machine = std_platform;
using a_cursor = cursor<machine, site::producer_publish, site::producer_published>;

extern "C" {

void cursor_publish(a_cursor& c, sequence to) { c.publish(to); }
auto cursor_published(a_cursor const& c) -> sequence { return c.published(); }

auto producer_try_claim(single_producer<machine>& p, std::int64_t n, barrier<machine> const& gate) -> status { return p.try_claim(n, gate); }
auto producer_open_now(single_producer<machine>& p) -> status { return p.open_now(); }
auto producer_readable(single_producer<machine>& p) -> sequence { return p.readable(); }
auto producer_publish(single_producer<machine>& p, std::int64_t n, sleepers<machine> const& table) -> status { return p.publish(n, table); }
auto producer_publish_to(single_producer<machine>& p, sequence to, sleepers<machine> const& table) -> status { return p.publish_to(to, table); }

auto lanes_take(lanes<machine>& l, lane_mask wanted) -> lane_mask { return l.take(wanted); }
void lanes_put(lanes<machine>& l, lane_mask mine) { l.put(mine); }
auto lanes_at(lanes<machine> const& l, std::size_t lane) -> sequence { return l.at(lane); }

}  // extern "C"
