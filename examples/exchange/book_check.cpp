// SPDX-License-Identifier: MIT
// Checks of the order book: who trades first, what is left, what a cancel takes away; and on random orders the same as a book that is
// too simple to be wrong.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include "book.hpp"
#include "order.hpp"

using namespace exchange;

namespace {

int failures = 0;
void check(bool good, char const* what) {
  if (good) return;
  std::printf("not so: %s\n", what);
  ++failures;
}

auto make(std::uint64_t id, side on, std::int32_t price, std::uint32_t quantity, std::uint32_t account = 1) -> order {
  order o;
  o.id = id, o.on = on, o.price = price, o.quantity = quantity, o.account = account, o.does = kind::enter;
  return o;
}
auto buy(std::uint64_t id, std::int32_t price, std::uint32_t quantity) -> order { return make(id, side::buy, price, quantity); }
auto sell(std::uint64_t id, std::int32_t price, std::uint32_t quantity) -> order { return make(id, side::sell, price, quantity); }

/// Trades as text: "maker x quantity @ price, ...".
auto text(std::vector<trade> const& trades) -> std::string {
  std::string s;
  for (auto const& t : trades) s.append(std::to_string(t.maker)).append("x").append(std::to_string(t.quantity)).append("@").append(std::to_string(t.price)).append(" ");
  return s;
}
auto entered(book& b, order const& o) -> std::string {
  std::vector<trade> trades;
  b.enter(o, trades);
  for (auto const& t : trades) check(t.taker == o.id && t.taker_side == o.on, "the one who comes is the taker");
  return text(trades);
}
/// What waits, as text: "id:left@price ..." from the best, bids before asks.
template <typename Book>
auto waiting(Book const& b) -> std::string {
  std::string s;
  b.each([&](side on, std::int32_t price, std::uint64_t id, std::uint32_t left) {
    s += on == side::buy ? 'b' : 's';
    s.append(std::to_string(id)).append(":").append(std::to_string(left)).append("@").append(std::to_string(price)).append(" ");
  });
  return s;
}

/// All that waits in one list, in the order in which it came.
class simple_book {
 public:
  void enter(order o, std::vector<trade>& trades) {
    if (std::any_of(all_.begin(), all_.end(), [&](order const& w) { return w.id == o.id; })) return;
    while (o.quantity != 0) {
      auto best = all_.end();
      for (auto w = all_.begin(); w != all_.end(); ++w)
        if (w->on != o.on && (o.on == side::buy ? w->price <= o.price : w->price >= o.price))
          if (best == all_.end() || (o.on == side::buy ? w->price < best->price : w->price > best->price)) best = w;
      if (best == all_.end()) break;
      auto const n = std::min(o.quantity, best->quantity);
      trades.push_back({best->id, o.id, best->account, o.account, n, best->price, o.on});
      o.quantity -= n;
      best->quantity -= n;
      if (best->quantity == 0) all_.erase(best);
    }
    if (o.quantity != 0) all_.push_back(o);
  }
  auto cancel(std::uint64_t id, std::uint32_t account) -> bool {
    return std::erase_if(all_, [&](order const& w) { return w.id == id && w.account == account; }) != 0;
  }
  template <typename F>
  void each(F f) const {
    for (auto const on : {side::buy, side::sell}) {
      std::vector<order> by_price;  // and of one price those that came first
      for (auto const& w : all_)
        if (w.on == on)
          by_price.insert(std::upper_bound(by_price.begin(), by_price.end(), w, [&](order const& a, order const& b) { return on == side::buy ? a.price > b.price : a.price < b.price; }), w);
      for (auto const& w : by_price) f(on, w.price, w.id, w.quantity);
    }
  }

 private:
  std::vector<order> all_;
};

void price_then_time() {
  book b;
  entered(b, sell(1, 101, 5));
  entered(b, sell(2, 100, 5));
  entered(b, sell(3, 100, 5));
  entered(b, sell(4, 102, 5));
  check(entered(b, buy(5, 101, 12)) == "2x5@100 3x5@100 1x2@101 ", "the best price first, then who came first, at the price of the one who waited");
  check(waiting(b) == "s1:3@101 s4:5@102 ", "what is left waits");
  check(entered(b, buy(6, 99, 1)).empty() && entered(b, buy(7, 98, 1)).empty() && entered(b, buy(8, 99, 1)).empty(), "prices that do not meet do not trade");
  check(entered(b, sell(9, 98, 3)) == "6x1@99 8x1@99 7x1@98 ", "the same for the other side");
}
void parts() {
  book b;
  entered(b, buy(1, 100, 10));
  check(entered(b, sell(2, 100, 4)) == "1x4@100 ", "a part trades");
  check(waiting(b) == "b1:6@100 ", "and the rest keeps its place");
  entered(b, buy(3, 100, 1));
  check(entered(b, sell(4, 99, 8)) == "1x6@100 3x1@100 ", "before who came later");
  check(waiting(b) == "s4:1@99 ", "the rest of the one who came waits at its own price");
}
void cancels() {
  book b;
  entered(b, buy(1, 100, 1));
  entered(b, buy(2, 100, 2));
  entered(b, buy(3, 100, 3));
  check(!b.cancel(2, 7), "only who sent an order can cancel it");
  check(b.cancel(2, 1) && waiting(b) == "b1:1@100 b3:3@100 ", "from the middle of a price");
  check(!b.cancel(2, 1) && !b.cancel(9, 1), "what is not there cannot be cancelled");
  check(b.cancel(1, 1) && b.cancel(3, 1) && waiting(b).empty() && b.size() == 0, "until nothing is left");
  check(entered(b, sell(4, 1, 1)).empty(), "which nobody trades with");
  entered(b, buy(4, 1, 1));
  check(waiting(b) == "s4:1@1 ", "a number that is there already is passed over");
  check(entered(b, buy(5, 1, 1)) == "4x1@1 " && !b.cancel(4, 1), "what has traded is gone");
}
void same_as_the_simple_one(std::uint64_t seed) {
  std::mt19937_64 dice{seed};
  book b;
  simple_book simple;
  for (std::uint64_t id = 1; id <= 3000; ++id) {
    auto const account = static_cast<std::uint32_t>(dice() % 3);
    if (dice() % 3 == 0) {
      auto const which = id > 40 ? id - dice() % 40 : 1;
      check(b.cancel(which, account) == simple.cancel(which, account), "a cancel does the same in both books");
    } else {
      auto const o = make(dice() % 50 == 0 ? id / 2 : id, dice() % 2 == 0 ? side::buy : side::sell, static_cast<std::int32_t>(95 + dice() % 10), static_cast<std::uint32_t>(1 + dice() % 20), account);
      std::vector<trade> one, other;
      b.enter(o, one);
      simple.enter(o, other);
      check(text(one) == text(other), "an order trades the same in both books");
    }
    if (id % 10 == 0) check(waiting(b) == waiting(simple), "the same waits in both books");
    if (failures != 0) {
      std::printf("seed %llu, order %llu\n", static_cast<unsigned long long>(seed), static_cast<unsigned long long>(id));
      return;
    }
  }
}
void lines() {
  for (auto const* line : {"new,1,17,AAPL,buy,10125,300", "new,18446744073709551615,0,ABCDEFGH,sell,1,1", "cancel,5,17,AAPL"}) check(format(parse(line)) == line, line);
  for (auto const* line : {"", "new", "new,1,2,A,buy,1", "new,1,2,A,buy,1,1,", "new,1,2,A,buy,1,1,1", "new,x,2,A,buy,1,1", "new,1,2,ABCDEFGHI,buy,1,1", "new,1,2,A,hold,1,1", "new,1,2,A,buy,0,1",
                           "new,1,2,A,buy,1,0", "cancel,1,2,", "cancel,1,2,A,B", "old,1,2,A,buy,1,1"})
    check(parse(line).does == kind::rejected, line);
}

}  // namespace

int main() {
  price_then_time();
  parts();
  cancels();
  for (std::uint64_t seed = 1; seed <= 20 && failures == 0; ++seed) same_as_the_simple_one(seed);
  lines();
  std::puts(failures == 0 ? "the book is right" : "the book is WRONG");
  return failures == 0 ? 0 : 1;
}
