// SPDX-License-Identifier: MIT
// expect: a stage needs a name
#include "cases.hpp"

#include <millrace/run/refused_runner.hpp>

void use() {
  mr::runner b{mr::from<order>() | mr::tap<"see">(see)};
  mr::runner a{mr::from<order>() | mr::into RIGHT(<"to_b">)(b.input())};
}
