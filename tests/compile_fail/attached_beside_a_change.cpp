// SPDX-License-Identifier: MIT
// expect: spy
// expect: one changes what the other takes at the same time
// expect gcc: stage spy, other stage decode:
#include <millrace.hpp>

#include "cases.hpp"

void go() {
  mr::runner run{mr::from<order>() | mr::tap<"see">(see) | mr::change<"decode">(decode)};
  auto spy = run.attach(mr::after<WRONG("see") RIGHT("decode")> | mr::tap<"spy">(see), mr::now);
}
