// SPDX-License-Identifier: MIT
// expect: log
// expect: options of one kind exclude each other
// expect gcc: stage log is given takes_option
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::map<"price">(price) | mr::tap<"log">(see, WRONG(mr::takes<"price">, ) mr::takes<"event">);
