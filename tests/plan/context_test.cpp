// SPDX-License-Identifier: MIT
// Which situations are the same.
#include <millrace/plan/context.hpp>

#include "support/catch.hpp"

using namespace millrace::scheduling;

namespace {

/// Three stages, of which plans were made when they took 1000, 500 and 10 ns, for a load of 0.001.
struct known {
  history h{};
  stage_models now{{.work = 1000}, {.work = 500}, {.work = 10}};
  double load = 0.001, noise = 0;
  known() {
    h.learned.resize(3);
    for (auto& l : h.learned) l.time.restart(1, 1e6);
    h.context = {1000, 500, 10, 0.001};
  }
  [[nodiscard]] auto moved() const -> bool { return is_another(h, now, load, noise); }
};

}  // namespace

TEST_CASE("nothing is known at first; what is as it was is the same situation") {
  known k;
  CHECK(!k.moved());
  k.h.context.clear();
  CHECK(k.moved());
}

TEST_CASE("all slower by a third is the same, by more than 0.6 not") {
  known k;
  auto const all = GENERATE(0.7, 1.3, 1.5, 1.7, 0.3);
  CAPTURE(all);
  for (auto& s : k.now) s.work *= all;
  k.load /= all;  // it is asked for in cores' worth
  CHECK(k.moved() == (all > 1.6 || all < 0.4));
}

TEST_CASE("one stage that has moved by a fifth is another situation, unless it is little beside the others or not known so well") {
  known k;
  k.now[1].work = 700;
  CHECK(k.moved());
  k.h.learned[1].time.items = 100;  // known to a tenth
  CHECK(!k.moved());

  known small;
  small.now[2].work = 30;
  CHECK(!small.moved());
}

TEST_CASE("another load is another situation, unless it may be chance") {
  known k;
  k.load = 0.0013;
  CHECK(k.moved());
  k.noise = 0.1;
  CHECK(!k.moved());
}

TEST_CASE("shares of the work are of what comes to each stage") {
  stage_models const s{{.work = 100, .selectivity = 0.5}, {.work = 200}};
  CHECK(all_work(s) == 200);
  CHECK(shares_of_work(s) == std::vector<double>{0.5, 1});
}
