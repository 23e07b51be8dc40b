// SPDX-License-Identifier: MIT
// expect: a generator for a named event fills one and says whether it did; take Event& and return bool
#include "cases.hpp"

[[maybe_unused]] auto p = mr::generate<order>(WRONG([](order&) {}) RIGHT([](order&) { return false; })) | mr::tap<"see">(see);
