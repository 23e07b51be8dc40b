// SPDX-License-Identifier: MIT
// expect: dead
// expect: what mr::divert calls takes the values that the stage takes
// expect gcc: stage dead, other stage price gets const order&, const std::
#include "cases.hpp"

#include <chrono>
#include <exception>
#include <vector>

using namespace std::chrono_literals;
[[maybe_unused]] auto p = mr::from<order>() | mr::map<"price">(price, mr::on_error(mr::divert<"dead">([](order const& RIGHT(, std::exception_ptr const&)) {}))) | mr::tap<"log">(see_fill);
