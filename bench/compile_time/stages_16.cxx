// SPDX-License-Identifier: MIT
// 16 stages: beside the other lengths it shows how compile time grows with the length of a sentence.
#include <millrace.hpp>

#include <utility>

namespace mr = millrace;

auto main() -> int {
  long sum = 0;
  auto pipeline = mr::from<long>()
                  | mr::change<"s1">([](long& v) { v += 1; })
                  | mr::change<"s2">([](long& v) { v += 2; })
                  | mr::change<"s3">([](long& v) { v += 3; })
                  | mr::change<"s4">([](long& v) { v += 4; })
                  | mr::change<"s5">([](long& v) { v += 5; })
                  | mr::change<"s6">([](long& v) { v += 6; })
                  | mr::change<"s7">([](long& v) { v += 7; })
                  | mr::change<"s8">([](long& v) { v += 8; })
                  | mr::change<"s9">([](long& v) { v += 9; })
                  | mr::change<"s10">([](long& v) { v += 10; })
                  | mr::change<"s11">([](long& v) { v += 11; })
                  | mr::change<"s12">([](long& v) { v += 12; })
                  | mr::change<"s13">([](long& v) { v += 13; })
                  | mr::change<"s14">([](long& v) { v += 14; })
                  | mr::change<"s15">([](long& v) { v += 15; })
                  | mr::tap<"sum">([&](long v) { sum += v; });
  mr::runner run{std::move(pipeline)};
  {
    auto in = run.input();
    for (long i = 0; i < 100; ++i) {
      if (in.publish([&](long& v) { v = i; }) != mr::status::ok) return 1;
    }
  }
  return run.finish().ok() && sum == 16950 ? 0 : 1;
}
