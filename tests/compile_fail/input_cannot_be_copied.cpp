// SPDX-License-Identifier: MIT
// expect: mr::many_producers
#include <millrace.hpp>

#include "cases.hpp"

void go() {
  mr::runner run{mr::from<order>(RIGHT(mr::many_producers)) | mr::tap<"see">(see)};
  auto in = run.input();
  [[maybe_unused]] auto second = in;
}
