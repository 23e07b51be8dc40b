// SPDX-License-Identifier: MIT
// expect: a pipeline begins with a source
#include <millrace.hpp>

#include "cases.hpp"

void go() {
  mr::runner run{RIGHT(mr::from<order>() |) mr::change<"decode">(decode) | mr::tap<"see">(see), {.capacity = 8}};
  [[maybe_unused]] auto report = run.finish();
}
