// SPDX-License-Identifier: MIT
// The smallest pipeline that does something.
#include <millrace.hpp>

namespace mr = millrace;

auto main() -> int {
  long sum = 0;
  mr::runner run{mr::from<long>() | mr::tap<"sum">([&](long v) { sum += v; })};
  {
    auto in = run.input();
    for (long i = 0; i < 100; ++i) {
      if (in.publish([&](long& v) { v = i; }) != mr::status::ok) return 1;
    }
  }
  return run.finish().ok() && sum == 4950 ? 0 : 1;
}
