// SPDX-License-Identifier: MIT
// What becomes of an order: the pipeline, of the exchange itself and of a replica or a replay, and the same without any pipeline.
#pragma once
#include <millrace.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <ranges>
#include <unordered_map>
#include <utility>
#include <vector>

#include "account.hpp"
#include "book.hpp"
#include "journal.hpp"
#include "order.hpp"
#include "replica.hpp"

namespace exchange {

namespace mr = millrace;

[[nodiscard]] inline auto now_ns() -> std::int64_t {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// ---- the stages
inline void decode(entry& e) { e.what = parse(e.text()); }

inline void match_order(book& b, order const& o, std::vector<trade>& trades) {
  trades.clear();
  if (o.does == kind::enter) b.enter(o, trades);
  else b.cancel(o.id, o.account);
}
/// Copied for each group of symbols.
struct matching {
  mr::keyed_state<symbol, book> books;
  void operator()(entry& e) {
    if (e.what.does == kind::rejected) e.trades.clear();
    else match_order(books[e.what.of], e.what, e.trades);
  }
};
[[nodiscard]] inline auto symbol_of(entry const& e) -> symbol { return e.what.of; }

/// Two of each trade, made when they are asked for: the one who waited, and the one who came.
[[nodiscard]] inline auto leg_of(entry const& e, std::size_t i) -> leg {
  auto const& t = e.trades[i / 2];
  bool const taker = i % 2 != 0;
  return {.of = e.what.of, .account = taker ? t.taker_account : t.maker_account, .other = taker ? t.maker_account : t.taker_account, .quantity = t.quantity, .price = t.price,
          .on = (t.taker_side == side::buy) == taker ? side::buy : side::sell, .taker = taker, .entered_ns = e.entered_ns};
}
[[nodiscard]] inline auto legs_of(entry const& e) {
  return std::views::iota(std::size_t{0}, 2 * e.trades.size()) | std::views::transform([&e](std::size_t i) { return leg_of(e, i); });
}

/// Copied for each group of accounts.
struct risk {
  mr::keyed_state<std::uint32_t, account> accounts;
  void operator()(leg& l) { l.position = accounts[l.account].add(l); }
};

// [exchange]
/// From orders to what is published.
template <typename Orders, typename Publish>
auto clearing(Orders&& orders, Publish publish) {
  return std::forward<Orders>(orders)
       | mr::change<"match">(matching{}, mr::keyed_by(symbol_of))          // each symbol's orders in order, symbols at once
       | mr::expand<"legs">(legs_of)                                       // a ring of legs
       | mr::change<"risk">(risk{}, mr::keyed_by(&leg::account))           // each account's legs in order
       | mr::tap<"publish">(std::move(publish));                           // all in order, whoever did the rest
}

/// An order is matched when it is on the disk and in another process: both confirm, whoever comes later lets it go on.
template <typename Publish>
auto primary(journal& disk, replica& other, Publish publish) {
  return clearing(mr::from<entry>(mr::many_producers)
                      | mr::change<"decode">(decode, mr::stateless)
                      | mr::fan_out(mr::tap<"journal">([&](mr::batch<entry const> b) { disk.write(b); }, mr::in_batches, mr::manual_ack),
                                    mr::tap<"replicate">([&](mr::batch<entry const> b) { other.send(b); }, mr::in_batches, mr::manual_ack)),
                  std::move(publish));
}

/// The same of orders that come from a journal, or from the primary.
template <typename Publish>
auto follower(Publish publish) {
  return clearing(mr::from<entry>(), std::move(publish));
}
// [/exchange]

// ---- the state that all of this comes to
class digest {
 public:
  template <typename Books>  // those of one group, in any order
  void add_books(Books const& books) {
    for (auto const& [of, b] : books) books_ += mixed(static_cast<std::uint64_t>(of), b.digest()), waiting_ += b.size();
  }
  template <typename Accounts>
  void add_accounts(Accounts const& accounts) {
    for (auto const& [number, a] : accounts) accounts_ += mixed(number, a.digest());
  }
  [[nodiscard]] auto value() const -> std::uint64_t { return mixed(mixed(1, books_), accounts_); }
  [[nodiscard]] auto waiting() const -> std::size_t { return waiting_; }

 private:
  std::uint64_t books_ = 0, accounts_ = 0;
  std::size_t waiting_ = 0;
};
/// Of a runner that has ended.
template <typename Runner>
[[nodiscard]] auto digest_of(Runner& run) -> digest {
  digest d;
  static_cast<void>(run.template visit<"match">([&](matching const& m) { d.add_books(m.books); }));
  static_cast<void>(run.template visit<"risk">([&](risk const& r) { d.add_accounts(r.accounts); }));
  return d;
}

/// The same by a loop: what all else is compared with.
class by_hand {
 public:
  /// Calls `publish(leg const&)`.
  template <typename Publish>
  void enter(order const& o, Publish publish) {
    if (o.does == kind::rejected) return;
    entry_.what = o;
    match_order(books_[o.of], o, entry_.trades);
    for (std::size_t i = 0; i != 2 * entry_.trades.size(); ++i) {
      auto l = leg_of(entry_, i);
      l.position = accounts_[l.account].add(l);
      publish(l);
    }
  }
  [[nodiscard]] auto state() const -> digest {
    digest d;
    d.add_books(books_);
    d.add_accounts(accounts_);
    return d;
  }

 private:
  entry entry_;
  std::unordered_map<symbol, book> books_;
  std::unordered_map<std::uint32_t, account> accounts_;
};

}  // namespace exchange
