// SPDX-License-Identifier: MIT
// expect: to_b
// expect: fill
// expect: the other runner's event is made as a copy of that and cannot be; put a map before it that makes such an event
#include "cases.hpp"

#include <millrace/run/refused_runner.hpp>

void use() {
  mr::runner b{mr::from<fill>() | mr::tap<"see">(see_fill)};
  mr::runner a{mr::from<order>() | RIGHT(mr::map<"price">(price) |) mr::into<"to_b">(b.input())};
}
