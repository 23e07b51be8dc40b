// SPDX-License-Identifier: MIT
// expect: count
// expect: the handler has on_tick, but nothing says when; add the option mr::every
// expect gcc: stage count
#include <chrono>

#include "cases.hpp"

struct counter {
  void operator()(order const&) const {}
  void on_tick() {}
};

[[maybe_unused]] auto p = mr::from<order>() | mr::tap<"count">(counter{} RIGHT(, mr::every(std::chrono::seconds{1})));
