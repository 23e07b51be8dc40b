// SPDX-License-Identifier: MIT
// expect: a claim hands out slots of the ring, and with mr::drop_oldest and mr::conflate_by events may have to wait beside it
#include "cases.hpp"

#include <millrace/run/runner.hpp>

void use() {
  mr::runner run{mr::from<order>(mr::on_full(WRONG(mr::drop_oldest) RIGHT(mr::drop_newest))) | mr::tap<"see">(see)};
  auto in = run.input();
  if (auto c = in.claim(2)) c.publish();
}
