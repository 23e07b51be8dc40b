// SPDX-License-Identifier: MIT
// expect: a generator is called without arguments
#include "cases.hpp"

[[maybe_unused]] auto p = mr::generate([](WRONG(int)) -> std::optional<order> { return {}; }) | mr::tap<"see">(see);
