// SPDX-License-Identifier: MIT
// expect: to a pipeline that runs only a tap can be attached
#include <millrace.hpp>

#include "cases.hpp"

void go() {
  mr::runner run{mr::from<order>() | mr::tap<"see">(see)};
  auto spy = run.attach(WRONG(mr::map<"spy">(price)) RIGHT(mr::tap<"spy">(see)), mr::now);
}
