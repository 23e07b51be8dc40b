// SPDX-License-Identifier: MIT
// expect: the handler of this stage cannot be merged; give it a member void merge(handler const& other)
#include <millrace.hpp>

#include "cases.hpp"

struct counter {
  long n = 0;
  void operator()(order const&) { ++n; }
  RIGHT(void merge(counter const& other) { n += other.n; })
};

void go() {
  mr::runner run{mr::from<order>() | mr::tap<"count">(counter{}, mr::keyed_by(&order::symbol))};
  static_cast<void>(run.merged<"count">());
}
