// SPDX-License-Identifier: MIT
// expect: to_b
// expect: what is published into another runner is one value that is always there
#include "cases.hpp"

#include <millrace/run/refused_runner.hpp>

void use() {
  mr::runner b{mr::from<fill>() | mr::tap<"see">(see_fill)};
  mr::runner a{mr::from<order>() | mr::fan_out(mr::map<"p">(price), mr::map<"q">(price)) | mr::into<"to_b">(b.input() RIGHT(, mr::takes<"p">))};
}
