// SPDX-License-Identifier: MIT
// expect: one changes what the other takes at the same time
// expect: decode
#include <millrace.hpp>

#include "cases.hpp"

void go() {
  mr::runner run{mr::from<order>() | mr::tap<"see">(see) | mr::change<"decode">(decode)};
  RIGHT(auto r =) run.reader<WRONG("see") RIGHT("decode")>(mr::now);
}
