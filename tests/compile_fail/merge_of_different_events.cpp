// SPDX-License-Identifier: MIT
// expect: sources that are merged make one type of event
#include "cases.hpp"

inline auto orders() -> std::optional<order> { return {}; }
inline auto fills() -> std::optional<fill> { return {}; }
[[maybe_unused]] auto p = mr::merge(mr::generate(orders), mr::generate(WRONG(fills) RIGHT(orders))) | mr::tap<"log">([](auto const&) {});
