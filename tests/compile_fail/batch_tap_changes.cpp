// SPDX-License-Identifier: MIT
// expect: decode
// expect: only a change may take mr::batch<T>
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::WRONG(tap) RIGHT(change)<"decode">([](mr::batch<order> orders) { for (auto& o : orders) ++o.quantity; }, mr::in_batches);
