// SPDX-License-Identifier: MIT
// expect: spy
// expect gcc: other stage replies
#include <millrace.hpp>

#include "cases.hpp"

void go() {
  mr::runner run{mr::from<order>(mr::replies) | mr::map<"make">([](order const& o) { return WRONG(std::make_unique) RIGHT(std::make_shared)<int>(o.quantity); })};
  auto spy = run.attach(mr::tap<"spy">([](auto const&) {}), mr::now);
}
