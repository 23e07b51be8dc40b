// SPDX-License-Identifier: MIT
// What the README shows.
#include <atomic>
#include <stop_token>

#include <millrace.hpp>

#include "support/catch.hpp"
#include "support/detached.hpp"

namespace mr = millrace;

namespace {

struct order {
  int quantity = 0;
  long cents = 0;
};
auto is_sane(order const& o) -> bool { return o.quantity > 0; }
auto price(order const& o) -> long { return o.quantity * o.cents; }

using task = support::detached;

// [coroutine]
template <typename Input>
auto ask(Input in, mr::loop& loop, std::stop_token stop, long& cents) -> task {
  for (;;) {
    auto r = co_await in.on(loop).async([](order& o) { o = {3, 100}; }, stop);  // without a stop token too
    if (r.why() != mr::status::would_block) {
      cents = r.has_value() ? *r : -1;
      co_return;
    }
    if (!co_await in.on(loop).room()) co_return;  // the ring is full: suspends until there was room, or it is closed
  }
}
// [/coroutine]

}  // namespace

TEST_CASE("readme: futures and coroutines") {
  std::atomic<long> seen{0};
  // [replies]
  mr::runner run{mr::from<order>(mr::many_producers, mr::replies) | mr::filter<"sane">(is_sane) | mr::map<"price">(price)};
  auto in = run.input();

  long const cents = in.submit(order{3, 100}).get();                   // waits; throws what a handler threw
  mr::reply<long> r = in.submit(order{0, 100}).take();                 // what became of it, whatever it was
  bool const filtered = r.how() == mr::ending::filtered && r.stage() == "sane";
  in.submit(order{5, 1}).then([&](mr::reply<long> p) { seen = *p; });  // called by the worker that answers
  // [/replies]
  CHECK(cents == 300);
  CHECK(filtered);
  mr::loop loop;
  long asked = 0;
  ask(in, loop, std::stop_token{}, asked);
  loop.run_until([&] { return asked != 0; });
  CHECK(asked == 300);
  CHECK(run.finish().ok());
  CHECK(seen == 5);
}
