// SPDX-License-Identifier: MIT
// Two pipelines on the same two threads: nobody needs a thread of his own, and none of them can hold the other up for longer
// than a batch. Returns 0 if both have done all.
#include <cstdio>
#include <string>

#include <millrace.hpp>
namespace mr = millrace;

// [shared_crew]
int main() {
  long sum = 0, letters = 0;
  mr::workers crew{{.max = 2}};

  mr::runner numbers{mr::from<int>() | mr::map<"square">([](int n) { return long{n} * n; }) | mr::tap<"sum">([&](long s) { sum += s; }), crew,
                     {.plan = mr::spread}};  // a stage on each
  mr::runner words{mr::from<int>() | mr::expand<"letters">([](int n) { return std::to_string(n); }) | mr::tap<"count">([&](char) { ++letters; }), crew,
                   {.plan = mr::groups{{"count"}, {"letters"}}}};

  auto to_numbers = numbers.input();
  auto to_words = words.input();
  for (int n = 0; n < 100'000; ++n) {
    if (to_numbers.publish([&](int& e) { e = n; }) != mr::status::ok) return 1;
    if (to_words.publish([&](int& e) { e = n; }) != mr::status::ok) return 1;
    if (n == 50'000) static_cast<void>(numbers.apply(mr::fused));  // from now on one of them is enough
  }
  numbers.finish().rethrow();
  words.finish().rethrow();
  // [/shared_crew]

  std::printf("squares add up to %ld; %ld digits were written\n", sum, letters);
  return sum == 333'328'333'350'000 && letters == 10 + 180 + 2'700 + 36'000 + 450'000 ? 0 : 1;
}
