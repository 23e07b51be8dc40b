// SPDX-License-Identifier: MIT
// expect: legs
// expect: this handler takes single values
#include "cases.hpp"

#include <vector>

inline auto legs(order const&) -> std::vector<fill> { return {}; }
[[maybe_unused]] auto p = mr::from<order>() | mr::expand<"legs">(legs WRONG(, mr::in_batches)) | mr::tap<"log">(see_fill);
