// SPDX-License-Identifier: MIT
// expect: say who resumes the coroutine
#include <millrace.hpp>

#include "cases.hpp"

void go([[maybe_unused]] mr::loop& loop) {
  mr::runner run{mr::from<order>(mr::many_producers, mr::replies) | mr::tap<"see">(see)};
  auto in = run.input();
  [[maybe_unused]] auto wait = in RIGHT(.on(loop)).async([](order&) {});
}
