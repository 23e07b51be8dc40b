// SPDX-License-Identifier: MIT
// expect: decode
// expect: change the type of the parameter of the handler
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::WRONG(change) RIGHT(tap)<"decode">([](mr::batch<order const>) {}, mr::in_batches);
