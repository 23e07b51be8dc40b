// SPDX-License-Identifier: MIT
// Says which LMAX Disruptor takes part.
#include "support/lmax_java.hpp"

namespace bench::java {
namespace {

struct say {
  say() {
    notes().push_back(there() ? std::string{"LMAX Disruptor: "} + MILLRACE_BENCH_LMAX_VERSION
                              : std::string{"skipped: LMAX Disruptor: "} + MILLRACE_BENCH_JAVA + " is not there");
  }
} const said;

}  // namespace
}  // namespace bench::java
