// SPDX-License-Identifier: MIT
// expect: a reader
// expect: change the type of the parameter of the handler
#include <millrace.hpp>

#include "cases.hpp"

void go() {
  mr::runner run{mr::from<order>() | mr::map<"price">(price) | mr::tap<"log">(see_fill)};
  auto r = run.reader<"price">(mr::now);
  r.poll(WRONG([](order const&) {}) RIGHT([](fill const&) {}));
}
