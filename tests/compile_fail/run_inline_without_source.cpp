// SPDX-License-Identifier: MIT
// expect: a pipeline begins with a source
#include <millrace.hpp>

#include "cases.hpp"

void go(order const (&orders)[3]) {
  [[maybe_unused]] auto n = mr::run_inline(RIGHT(mr::from<order>() |) mr::change<"decode">(decode) | mr::tap<"see">(see), orders);
}
