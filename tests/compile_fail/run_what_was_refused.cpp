// SPDX-License-Identifier: MIT
// The sentence is wrong once, and whatever is done with it adds no second error.
// expect: live
// expect: return bool
#include <millrace.hpp>

#include "cases.hpp"

void go() {
  auto sentence = mr::from<order>() | mr::filter<"live">([](order const& o) { return o.quantity RIGHT(> 0); }) | mr::tap<"see">(see);
  mr::runner run{std::move(sentence)};
  auto in = run.input();
  [[maybe_unused]] auto published = in.publish([](order& o) { o = {1, 2}; });
  [[maybe_unused]] auto report = run.finish();
}
