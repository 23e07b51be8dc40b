// SPDX-License-Identifier: MIT
// expect: spy
// expect: a tap that is attached has mr::in_batches
#include <millrace.hpp>

#include "cases.hpp"

void go() {
  mr::runner run{mr::from<order>() | mr::tap<"see">(see)};
  auto spy = run.attach(mr::tap<"spy">(see, WRONG(mr::manual_ack) RIGHT(mr::on_worker(0))), mr::now);
}
