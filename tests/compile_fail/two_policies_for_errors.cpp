// SPDX-License-Identifier: MIT
// expect: see
// expect: options of one kind exclude each other
#include "cases.hpp"

#include <chrono>
#include <exception>
#include <vector>

using namespace std::chrono_literals;
[[maybe_unused]] auto p = mr::from<order>() | mr::tap<"see">(see, mr::on_error(mr::skip) WRONG(, mr::on_error(mr::stop_all)));
