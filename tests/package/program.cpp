// SPDX-License-Identifier: MIT
// A program that uses Millrace, and knows by its result that it was built right.
#include <cstdio>
#include <millrace.hpp>

namespace mr = millrace;

auto half(int n) -> int;  // other_file.cpp, which includes Millrace too

auto main() -> int {
  long sum = 0;
  mr::runner run{mr::from<int>() | mr::map<"half">(half) | mr::tap<"add">([&sum](int const& n) { sum += n; })};
  {
    auto in = run.input();
    for (int n = 1; n <= 1000; ++n)
      if (in.publish([n](int& event) { event = 2 * n; }) != mr::status::ok) return 1;
  }
  auto const report = run.finish();
  std::printf("sum of 1 to 1000: %ld\n", sum);
  return report.ok() && sum == 500'500 ? 0 : 1;
}
