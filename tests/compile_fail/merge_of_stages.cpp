// SPDX-License-Identifier: MIT
// expect: mr::merge joins sources
#include "cases.hpp"

inline auto orders() -> std::optional<order> { return {}; }
inline auto fills() -> std::optional<fill> { return {}; }
[[maybe_unused]] auto p = mr::merge(mr::generate(orders), mr::generate(orders)WRONG( | mr::tap<"see">(see))) | mr::tap<"log">(see);
