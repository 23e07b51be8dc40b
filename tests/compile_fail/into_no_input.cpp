// SPDX-License-Identifier: MIT
// expect: to_b
// expect: mr::into publishes through the handle of another runner; give it other.input()
#include "cases.hpp"

#include <millrace/run/refused_runner.hpp>

void use() {
  mr::runner b{mr::from<order>() | mr::tap<"see">(see)};
  mr::runner a{mr::from<order>() | mr::into<"to_b">(b RIGHT(.input()))};
}
