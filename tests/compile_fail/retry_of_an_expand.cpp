// SPDX-License-Identifier: MIT
// expect: legs
// expect: an expand cannot be tried again
// expect gcc: stage legs:
#include "cases.hpp"

#include <chrono>
#include <exception>
#include <vector>

using namespace std::chrono_literals;
inline auto legs(order const&) -> std::vector<fill> { return {}; }
[[maybe_unused]] auto p = mr::from<order>() | mr::expand<"legs">(legs, mr::idempotent, mr::on_error(WRONG(mr::retry(3, 1ms)) RIGHT(mr::skip))) | mr::tap<"log">(see_fill);
