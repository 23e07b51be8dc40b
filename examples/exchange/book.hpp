// SPDX-License-Identifier: MIT
// The limit order book of one symbol. The best price trades first, and at one price the order that came first.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

#include "order.hpp"

namespace exchange {

class book {
 public:
  /// Trades with what waits on the other side, as far as prices meet; the rest waits. Adds the trades. An order whose number is in the
  /// book already is passed over.
  void enter(order const& o, std::vector<trade>& trades) {
    if (where_.contains(o.id)) return;
    auto const left = o.on == side::buy ? take(asks_, o, trades, [&](int price) { return price <= o.price; })
                                        : take(bids_, o, trades, [&](int price) { return price >= o.price; });
    if (left == 0) return;
    auto const at = add({.id = o.id, .account = o.account, .left = left, .price = o.price, .on = o.on});
    append(o.on == side::buy ? bids_[o.price] : asks_[o.price], at);
    where_.emplace(o.id, at);
  }
  /// What is left of the order goes. False if there is nothing of it, or it is another account's.
  auto cancel(std::uint64_t id, std::uint32_t account) -> bool {
    auto const found = where_.find(id);
    if (found == where_.end() || orders_[found->second].account != account) return false;
    auto const at = found->second;
    auto const price = orders_[at].price;
    if (orders_[at].on == side::buy) remove(bids_, bids_.find(price), at);
    else remove(asks_, asks_.find(price), at);
    return true;
  }

  /// Calls `f(side, price, id, quantity left)` for all that waits: first bids, then asks, from the best price, from the first to come.
  template <typename F>
  void each(F f) const {
    auto const all = [&](auto const& levels, side on) {
      for (auto const& [price, l] : levels)
        for (auto at = l.first; at != none; at = orders_[at].next) f(on, price, orders_[at].id, orders_[at].left);
    };
    all(bids_, side::buy);
    all(asks_, side::sell);
  }
  [[nodiscard]] auto size() const -> std::size_t { return where_.size(); }
  [[nodiscard]] auto digest() const -> std::uint64_t {
    std::uint64_t d = 0;
    each([&](side on, std::int32_t price, std::uint64_t id, std::uint32_t left) { d = mixed(mixed(mixed(mixed(d, static_cast<std::uint64_t>(on)), static_cast<std::uint64_t>(price)), id), left); });
    return d;
  }

 private:
  using index = std::uint32_t;
  static constexpr index none = ~index{0};
  struct waiting {  // in a list for each price, in one array for all: places are used again
    std::uint64_t id;
    std::uint32_t account, left;
    std::int32_t price;
    side on;
    index before = none, next = none;
  };
  struct level {
    index first = none, last = none;
  };

  /// Returns what is left of the order.
  template <typename Levels, typename Meets>
  auto take(Levels& levels, order const& o, std::vector<trade>& trades, Meets meets) -> std::uint32_t {
    auto left = o.quantity;
    while (left != 0 && !levels.empty() && meets(levels.begin()->first)) {
      auto const best = levels.begin();
      auto const at = best->second.first;
      auto& maker = orders_[at];
      auto const n = std::min(left, maker.left);
      trades.push_back({maker.id, o.id, maker.account, o.account, n, maker.price, o.on});
      left -= n;
      maker.left -= n;
      if (maker.left == 0) remove(levels, best, at);
    }
    return left;
  }
  auto add(waiting w) -> index {
    if (free_.empty()) return orders_.push_back(w), static_cast<index>(orders_.size() - 1);
    auto const at = free_.back();
    free_.pop_back();
    orders_[at] = w;
    return at;
  }
  void append(level& l, index at) {
    orders_[at].before = l.last;
    (l.last == none ? l.first : orders_[l.last].next) = at;
    l.last = at;
  }
  template <typename Levels>
  void remove(Levels& levels, typename Levels::iterator where, index at) {
    auto& l = where->second;
    auto const& w = orders_[at];
    (w.before == none ? l.first : orders_[w.before].next) = w.next;
    (w.next == none ? l.last : orders_[w.next].before) = w.before;
    if (l.first == none) levels.erase(where);
    where_.erase(w.id);
    free_.push_back(at);
  }

  std::map<std::int32_t, level, std::greater<>> bids_;
  std::map<std::int32_t, level> asks_;
  std::vector<waiting> orders_;
  std::vector<index> free_;
  std::unordered_map<std::uint64_t, index> where_;  // by number
};

}  // namespace exchange
