// SPDX-License-Identifier: MIT
// expect: no stage of this name is shared by key; name one that has the option mr::keyed_by
#include <millrace.hpp>

#include "cases.hpp"

void go() {
  mr::runner run{mr::from<order>() | mr::tap<"see">(see) | mr::tap<"count">(see, mr::keyed_by(&order::symbol))};
  run.visit<WRONG("see") RIGHT("count")>([](auto const&) {});
}
