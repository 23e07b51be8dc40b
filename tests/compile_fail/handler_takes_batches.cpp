// SPDX-License-Identifier: MIT
// expect: see
// expect: this handler takes whole batches; add the option mr::in_batches
// expect gcc: stage see gets const order&, takes batch<const order>:
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::tap<"see">([](mr::batch<order const>) {} RIGHT(, mr::in_batches));
