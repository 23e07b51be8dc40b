// SPDX-License-Identifier: MIT
// expect: prise
// expect: no stage of that name stands before it
// expect gcc: mr::after of prise, did you mean price:
#include <millrace.hpp>

#include "cases.hpp"

void go() {
  mr::runner run{mr::from<order>() | mr::map<"price">(price) | mr::tap<"log">(see_fill)};
  auto spy = run.attach(mr::after<WRONG("prise") RIGHT("price")> | mr::tap<"spy">(see_fill), mr::oldest);
}
