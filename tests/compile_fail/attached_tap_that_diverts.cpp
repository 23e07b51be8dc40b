// SPDX-License-Identifier: MIT
// expect: spy
// expect: nobody stands beside a tap that is attached
// expect gcc: stage spy:
#include <millrace.hpp>

#include <exception>

#include "cases.hpp"

void go() {
  mr::runner run{mr::from<order>() | mr::tap<"see">(see)};
  auto spy = run.attach(mr::tap<"spy">(see, mr::on_error(WRONG(mr::divert<"bad">([](order const&, std::exception_ptr const&) {})) RIGHT(mr::skip))), mr::now);
}
