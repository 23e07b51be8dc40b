// SPDX-License-Identifier: MIT
// expect: spy
// expect: change the type of the parameter of the handler
// expect gcc: stage spy gets const fill&, takes const order&:
#include <millrace.hpp>

#include "cases.hpp"

void go() {
  mr::runner run{mr::from<order>() | mr::map<"price">(price) | mr::tap<"log">(see_fill)};
  auto spy = run.attach(mr::tap<"spy">(WRONG(see) RIGHT(see_fill)), mr::now);
}
