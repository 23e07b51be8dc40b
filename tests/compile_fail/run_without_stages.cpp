// SPDX-License-Identifier: MIT
// expect: a pipeline needs at least one stage after its source
#include <millrace.hpp>

#include "cases.hpp"

void go() {
  mr::runner run{mr::from<order>() RIGHT(| mr::tap<"see">(see))};
  [[maybe_unused]] auto report = run.finish();
}
