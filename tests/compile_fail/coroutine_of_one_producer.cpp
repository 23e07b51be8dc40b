// SPDX-License-Identifier: MIT
// expect: write mr::from<Event>(mr::many_producers, mr::replies)
#include <millrace.hpp>

#include "cases.hpp"

void go(mr::loop& loop) {
  mr::runner run{mr::from<order>(mr::replies RIGHT(, mr::many_producers)) | mr::tap<"see">(see)};
  auto in = run.input();
  [[maybe_unused]] auto wait = in.on(loop).async([](order&) {});
}
