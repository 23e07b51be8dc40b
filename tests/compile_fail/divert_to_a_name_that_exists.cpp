// SPDX-License-Identifier: MIT
// expect: see
// expect: a stage of this name exists already
// expect gcc: stage see:
#include "cases.hpp"

#include <chrono>
#include <exception>
#include <vector>

using namespace std::chrono_literals;
[[maybe_unused]] auto p = mr::from<order>() | mr::tap<"see">(see) | mr::map<"price">(price, mr::on_error(mr::divert<WRONG("see") RIGHT("dead")>([](order const&, std::exception_ptr const&) {}))) | mr::tap<"log">(see_fill);
