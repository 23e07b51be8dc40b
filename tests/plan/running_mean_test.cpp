// SPDX-License-Identifier: MIT
#include <millrace/plan/running_mean.hpp>

#include <cmath>
#include <random>

#include "support/catch.hpp"

using millrace::scheduling::running_mean;

namespace {

struct source {
  double mean, cv;
  std::mt19937_64 random{7};
  auto of(double n) -> double { return cv > 0 ? mean * std::gamma_distribution<>{n / (cv * cv), cv * cv / n}(random) : mean; }
};

}  // namespace

TEST_CASE("a mean settles, and its error says how far it is off") {
  for (double const cv : {0.5, 1.0, 3.0}) {
    source s{100, cv};
    running_mean m;
    for (int k = 0; k < 500; ++k) m.add(s.of(200), 200, 1e6);
    CHECK(std::abs(m.mean / 100 - 1) < 0.05);
    CHECK(m.error() > 0.2 * cv / std::sqrt(1e5));
    CHECK(m.error() < 0.1);
  }
}

TEST_CASE("a jump is followed within a few periods, one period that is off is not") {
  source s{100, 1};
  running_mean m;
  for (int k = 0; k < 100; ++k) m.add(s.of(500), 500, 1e6);
  m.add(400, 500, 1e6);
  CHECK(std::abs(m.mean / 100 - 1) < 0.05);
  m.add(s.of(500), 500, 1e6);
  s.mean = 300;
  for (int k = 0; k < 5; ++k) m.add(s.of(500), 500, 1e6);
  CHECK(std::abs(m.mean / 300 - 1) < 0.1);
}

TEST_CASE("a drift is followed, and not taken for chance") {
  source s{100, 0.1};
  running_mean m;
  for (int k = 0; k < 400; ++k) s.mean *= 1.004, m.add(s.of(1000), 1000, 1e6);
  CHECK(std::abs(m.mean / s.mean - 1) < 0.05);
  CHECK(m.scatter < 1);
}

TEST_CASE("times that have doubled or halved are noticed within forty events, by chance they are not") {
  for (double const factor : {4.0, 0.2}) {
    source s{100, 1};
    running_mean m;
    for (int k = 0; k < 2000; ++k) m.add(s.of(5), 5, 1e5);
    CHECK(std::abs(m.mean / 100 - 1) < 0.1);
    s.mean = 100 * factor;
    for (int k = 0; k < 8; ++k) m.add(s.of(5), 5, 1e5);
    CHECK(m.items < 100);  // begun anew
  }
}
