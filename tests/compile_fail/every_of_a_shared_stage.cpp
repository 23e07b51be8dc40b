// SPDX-License-Identifier: MIT
// expect: count
// expect: a stage that several workers run does not tick; remove mr::every
// expect gcc: stage count:
#include <chrono>

#include "cases.hpp"

struct counter {
  void operator()(order const&) const {}
  void on_tick() {}
};

[[maybe_unused]] auto p = mr::from<order>() | mr::tap<"count">(counter{}, mr::every(std::chrono::seconds{1}) WRONG(, mr::keyed_by(&order::symbol)));
