// SPDX-License-Identifier: MIT
// 3 stages: what a small program with its runner costs.
#include <millrace.hpp>

#include <utility>

namespace mr = millrace;

auto main() -> int {
  long sum = 0;
  auto pipeline = mr::from<long>()
                  | mr::change<"s1">([](long& v) { v += 1; })
                  | mr::change<"s2">([](long& v) { v += 2; })
                  | mr::tap<"sum">([&](long v) { sum += v; });
  mr::runner run{std::move(pipeline)};
  {
    auto in = run.input();
    for (long i = 0; i < 100; ++i) {
      if (in.publish([&](long& v) { v = i; }) != mr::status::ok) return 1;
    }
  }
  return run.finish().ok() && sum == 5250 ? 0 : 1;
}
