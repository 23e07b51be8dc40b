// SPDX-License-Identifier: MIT
// expect: see
// expect: this handler takes single values; remove mr::in_batches, or take the batch
// expect gcc: stage see gets batch<const order>, takes const order&:
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::tap<"see">(see WRONG(, mr::in_batches));
