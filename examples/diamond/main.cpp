// SPDX-License-Identifier: MIT
// A diamond: every order is priced and checked at once, by two stages that may run on two workers, and what follows gets both
// results. Returns 0 if all orders were decided right.
#include <cstdio>

#include <millrace.hpp>
namespace mr = millrace;

struct order {
  int account, quantity;
};

// [diamond]
int main() {
  long accepted = 0, value = 0;
  auto desk = mr::from<order>()
            | mr::fan_out(mr::map<"price">([](order const& o) { return o.quantity * 101L; }),
                          mr::map<"risk">([](order const& o) { return o.account % 10 != 7; }),  // who must not trade
                          mr::filter<"large">([](order const& o) { return o.quantity > 900; })   // only in this branch
                              | mr::map<"surcharge">([](order const& o) { return o.quantity - 900L; }))
            | mr::tap<"decide">([&](long price, bool good, long const* surcharge) {  // null: it was not large
                if (!good) return;
                ++accepted;
                value += price + (surcharge != nullptr ? *surcharge : 0);
              });

  mr::runner run{std::move(desk), {.plan = mr::groups{{"price", "large", "surcharge"}, {"risk", "decide"}}}};
  auto in = run.input();
  for (int i = 0; i < 100'000; ++i)
    if (in.publish([&](order& o) { o = {i, i % 1000}; }) != mr::status::ok) return 1;
  run.finish().rethrow();
  // [/diamond]

  long right = 0;
  for (int i = 0; i < 100'000; ++i)
    if (i % 10 != 7) right += i % 1000 * 101L + (i % 1000 > 900 ? i % 1000 - 900 : 0);
  std::printf("%ld orders accepted, worth %ld\n", accepted, value);
  return accepted == 90'000 && value == right ? 0 : 1;
}
