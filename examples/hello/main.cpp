// SPDX-License-Identifier: MIT
// The smallest whole program: numbers go in, the large squares are added up. Returns 0 if the sum is right.
#include <cstdio>

// [hello]
#include <millrace.hpp>
namespace mr = millrace;

int main() {
  long sum = 0;
  auto squares = mr::from<int>()                                               // events: written in place in a ring
               | mr::map<"square">([](int n) { return long{n} * n; })          // a typed result
               | mr::filter<"large">([](long square) { return square > 100; }) // which of them go on
               | mr::tap<"sum">([&](long square) { sum += square; });          // looks at what is left

  mr::runner run{std::move(squares)};                                          // on a pinned thread of its own
  auto in = run.input();
  for (int n = 1; n <= 1000; ++n)
    if (in.publish([&](int& event) { event = n; }) != mr::status::ok) break;
  run.finish().rethrow();                                                      // all that was published is done

  std::printf("the squares above 100, up to 1000 squared, add up to %ld\n", sum);
  return sum == 333'833'500 - 385 ? 0 : 1;
}
// [/hello]
