// SPDX-License-Identifier: MIT
// expect: int
// expect: mr::from takes at most one option that says how events get in
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>(WRONG(5)) | mr::tap<"see">(see);
