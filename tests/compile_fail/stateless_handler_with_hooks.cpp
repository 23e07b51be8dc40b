// SPDX-License-Identifier: MIT
// expect: hook
// expect: a stateless handler has no hooks
// expect gcc: stage hook
#include "cases.hpp"

#include <chrono>
#include <vector>

using namespace std::chrono_literals;
struct hooked {
  void operator()(order const&) const {}
  WRONG(void on_stop() {})
};
[[maybe_unused]] auto p = mr::from<order>() | mr::tap<"hook">(hooked{}, mr::stateless);
