// SPDX-License-Identifier: MIT
// A ticker: quotes come faster than the display can show them, and only the latest of each symbol is worth showing. The feed never
// waits for the display. Returns 0 if no quote is unaccounted for, and the display ends with the last price of each symbol.
#include <array>
#include <chrono>
#include <cstddef>
#include <iostream>
#include <thread>

#include <millrace.hpp>
namespace mr = millrace;
using namespace std::chrono_literals;

constexpr std::size_t symbols = 8;
constexpr long quotes = 200'000;
struct quote {
  std::size_t symbol;
  long price;
};
auto quote_at(long i) -> quote { return {static_cast<std::size_t>(i * i % 11) % symbols, i}; }

// [ticker]
int main() {
  std::array<long, symbols> shown{}, last{};
  long count = 0;

  // A small ring: what is in it is shown for certain. Behind it one quote of each symbol waits, the latest.
  mr::runner run{mr::from<quote>(mr::on_full(mr::conflate_by(&quote::symbol), symbols))
                     | mr::tap<"display">([&](quote const& q) {
                         if (++count % 64 == 0) std::this_thread::sleep_for(1ms);  // slow
                         shown[q.symbol] = q.price;
                       }),
                 {.capacity = 16}};
  auto feed = run.input();
  for (long i = 0; i != quotes; ++i)
    if (feed.publish([i](quote& q) { q = quote_at(i); }) != mr::status::ok) return 1;  // never waits for the display
  auto const end = run.finish();                                                       // what still waits is shown too
  std::cout << mr::snapshot(run) << end.done << " of " << quotes << " quotes shown, " << end.conflated << " replaced by later ones\n";
  // [/ticker]

  end.rethrow();
  for (long i = 0; i != quotes; ++i) last[quote_at(i).symbol] = i;
  return shown == last && end.done == count && end.done + end.conflated == quotes && end.conflated > 0 ? 0 : 1;
}
