// SPDX-License-Identifier: MIT
// Separate compilation: this file uses a pipeline without seeing it, so it compiles as quickly as if there were none. Returns 0 if
// the averages are right.
#include "averages.hpp"

#include <cmath>
#include <cstdio>
#include <limits>

int main() {
  averages means;
  for (int i = 0; i < 10'000; ++i) {
    if (!means.add({.where = "roof", .value = i % 3 * 1.0})) return 1;
    if (!means.add({.where = "cellar", .value = i % 2 == 0 ? 4.0 : std::numeric_limits<double>::quiet_NaN()})) return 1;
  }
  means.end().rethrow();
  bool const late = means.add({.where = "roof", .value = 1e6});  // refused: it has ended
  std::printf("roof %.4f, cellar %.1f\n", means.of("roof"), means.of("cellar"));
  return !late && means.of("cellar") == 4.0 && std::abs(means.of("roof") - 0.9999) < 1e-9 ? 0 : 1;
}
