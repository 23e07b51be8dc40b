// SPDX-License-Identifier: MIT
// expect: mr::from takes at most one option
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>(mr::many_producers WRONG(, mr::many_producers)) | mr::tap<"see">(see);
