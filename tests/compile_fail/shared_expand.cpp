// SPDX-License-Identifier: MIT
// expect: legs
// expect: an expand keeps the order of what it makes
// expect gcc: stage legs:
#include "cases.hpp"

#include <chrono>
#include <vector>

using namespace std::chrono_literals;
inline auto legs(order const&) -> std::vector<fill> { return {}; }
[[maybe_unused]] auto p = mr::from<order>() | mr::expand<"legs">(legs WRONG(, mr::stateless)) | mr::tap<"log">(see_fill);
