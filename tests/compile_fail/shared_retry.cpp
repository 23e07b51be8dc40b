// SPDX-License-Identifier: MIT
// expect: see
// expect: a shared stage does not try again
// expect gcc: stage see:
#include "cases.hpp"

#include <chrono>
#include <vector>

using namespace std::chrono_literals;
[[maybe_unused]] auto p = mr::from<order>() | mr::tap<"see">(see, mr::stateless, mr::idempotent, mr::on_error(WRONG(mr::retry(2, 1ms)) RIGHT(mr::skip)));
