// SPDX-License-Identifier: MIT
// expect: match
// expect: what mr::keyed_by calls takes what the stage takes
// expect gcc: stage match gets const order&
#include "cases.hpp"

#include <chrono>
#include <vector>

using namespace std::chrono_literals;
[[maybe_unused]] auto p = mr::from<order>() | mr::tap<"match">(see, mr::keyed_by(WRONG(&fill::price) RIGHT(&order::symbol)));
