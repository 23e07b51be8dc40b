// SPDX-License-Identifier: MIT
// expect: see
// expect: owner
// expect: write std::move(sentence) to use it up
#include <millrace.hpp>

#include "cases.hpp"

void go() {
  auto sentence = mr::from<order>() | mr::tap<"see">(owner{});
  mr::runner run{WRONG(sentence) RIGHT(std::move(sentence))};
  [[maybe_unused]] auto report = run.finish();
}
