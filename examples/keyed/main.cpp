// SPDX-License-Identifier: MIT
// Positions by account, on as many workers as the plan says: the events of an account stay in order and on one worker at a time,
// and what the handler keeps moves with them. Returns 0 if the sums are right however often that changed.
#include <cstdio>
#include <unordered_map>

#include <millrace.hpp>
namespace mr = millrace;

struct trade {
  int account;
  long amount;
};

// [keyed]
struct positions {  // copied for each group of accounts: no lock anywhere
  std::unordered_map<int, long> of;
  auto operator()(trade const& t) -> long { return of[t.account] += t.amount; }  // the position after the trade
};

int main() {
  long last[100] = {};
  mr::workers crew{{.max = 3}};
  mr::runner run{mr::from<trade>() | mr::map<"position">(positions{}, mr::keyed_by(&trade::account))
                     | mr::tap<"publish">([&](trade const& t, long position) { last[t.account] = position; }, mr::takes<"event", "position">),
                 crew};
  mr::grouping const plans[] = {mr::fused, mr::groups{{"position"}, {"position", "publish"}}, mr::groups{{"position"}, {"position"}, {"position", "publish"}}};
  auto in = run.input();
  for (int i = 0; i < 300'000; ++i) {
    if (in.publish([&](trade& t) { t = {i % 100, i % 7 - 3}; }) != mr::status::ok) return 1;
    if (i % 1000 == 0) static_cast<void>(run.apply(plans[i / 1000 % 3]));  // one worker, two, three, and back
  }
  run.finish().rethrow();
  // [/keyed]

  long right[100] = {};
  for (int i = 0; i < 300'000; ++i) right[i % 100] += i % 7 - 3;
  for (int a = 0; a < 100; ++a)
    if (last[a] != right[a]) return 1;
  std::puts("all positions are right");
  return 0;
}
