// SPDX-License-Identifier: MIT
// expect: to_b
// expect: mr::into has the options mr::takes<name> and mr::on_error(mr::skip or mr::divert)
#include "cases.hpp"

#include <millrace/run/refused_runner.hpp>

void use() {
  mr::runner b{mr::from<order>() | mr::tap<"see">(see)};
  mr::runner a{mr::from<order>() | mr::into<"to_b">(b.input(), WRONG(mr::idempotent, mr::on_error(mr::retry(3, {}))) RIGHT(mr::on_error(mr::skip)))};
}
