// SPDX-License-Identifier: MIT
// expect: see
// expect: that is no option; options are mr::in_batches, mr::takes
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::tap<"see">(see WRONG(, 5));
