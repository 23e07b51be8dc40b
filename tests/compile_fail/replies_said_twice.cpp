// SPDX-License-Identifier: MIT
// expect: mr::from takes
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>(mr::replies WRONG(, mr::replies)) | mr::tap<"see">(see);
