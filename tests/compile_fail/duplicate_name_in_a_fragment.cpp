// SPDX-License-Identifier: MIT
// expect: see
// expect: a stage of this name exists already
#include "cases.hpp"

auto looks = mr::tap<"see">(see) | mr::tap<"see twice">(see);
[[maybe_unused]] auto p = mr::from<order>() | looks | WRONG(mr::tap<"see">(see)) RIGHT(mr::tap<"see more">(see));
