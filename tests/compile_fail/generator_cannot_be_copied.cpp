// SPDX-License-Identifier: MIT
// expect: copies its generator and this one cannot be copied
#include "cases.hpp"

auto orders = mr::generate([n = std::make_unique<int>(3)]() -> std::optional<order> { return {}; });
[[maybe_unused]] auto p = WRONG(orders) RIGHT(std::move(orders)) | mr::tap<"see">(see);
