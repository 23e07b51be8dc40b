// SPDX-License-Identifier: MIT
// The verdict on a change: when it comes, and of what.
#include <millrace/plan/verification.hpp>

#include "support/catch.hpp"

using namespace millrace::scheduling;

namespace {

/// A change at second 10 that promises twice as much; before it a million events a second came, and the producer waited.
auto changed() -> history {
  history h;
  h.changed_at = 10;
  h.verified = {.on = true, .promised = 2, .rate_before = 1e-3, .events_before = 1e5, .blocked_before = 0.5};
  return h;
}
/// A period of 20 ms that ends so long after it, with so many events a second.
auto look(history& h, double after, double rate, double blocked = 0.5) -> finding {
  sample s;
  s.at = 10 + after, s.seconds = 0.02;
  return verify(h, s, rate * s.seconds, blocked);
}

}  // namespace

TEST_CASE("a verdict comes after 80 ms, on all that has come since") {
  auto h = changed();
  CHECK(look(h, 0.04, 1.9e6).said == verdict::none);
  CHECK(look(h, 0.06, 1.9e6).said == verdict::none);
  auto const f = look(h, 0.08, 1.9e6);
  CHECK(f.said == verdict::good);
  CHECK(f.got == Approx(1.9));
}

TEST_CASE("far less than was promised is taken back, if the plan was the limit before and is now") {
  auto const blocked_now = GENERATE(0.5, 0.0), blocked_before = GENERATE(0.5, 0.0);
  CAPTURE(blocked_now, blocked_before);
  auto h = changed();
  h.verified.blocked_before = blocked_before;
  look(h, 0.04, 1.1e6, blocked_now), look(h, 0.06, 1.1e6, blocked_now);
  auto const f = look(h, 0.08, 1.1e6, blocked_now);
  CHECK(f.said == (blocked_now > 0 && blocked_before > 0 ? verdict::guilty : verdict::good));
  CHECK(f.got == Approx(1.1));
}

TEST_CASE("few events make no verdict for a second, and then none that takes back") {
  auto h = changed();
  h.verified.rate_before = 1e-7, h.verified.events_before = 10;  // a hundred a second
  for (double t = 0.04; t < 0.99; t += 0.02) CHECK(look(h, t, 100).said == verdict::none);
  CHECK(look(h, 1.0, 100).said == verdict::good);
}

TEST_CASE("what the old plan left in its ring is not counted; if it is still there after a second, nobody judges any more") {
  auto h = changed();
  h.verified.to_drain = 30'000;
  CHECK(look(h, 0.08, 1e6).said == verdict::none);  // 20,000 of them
  CHECK(look(h, 0.10, 1e6).said == verdict::none);
  CHECK(h.verified.events == 0);
  CHECK(look(h, 0.12, 2e6).said == verdict::good);
  CHECK(h.verified.events == 40'000);

  auto stuck = changed();
  stuck.verified.to_drain = 1e9;
  CHECK(look(stuck, 0.98, 1e6).said == verdict::none);
  CHECK(look(stuck, 1.0, 1e6).said == verdict::over);
}

TEST_CASE("a period with visitors judges nothing, until a second has passed") {
  auto h = changed();
  h.visited = true;
  CHECK(look(h, 0.5, 1e6).said == verdict::none);
  CHECK(h.verified.events == 0);
  CHECK(look(h, 1.0, 1e6).said != verdict::none);
}
