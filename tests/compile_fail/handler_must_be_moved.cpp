// SPDX-License-Identifier: MIT
// expect: see
// expect: owner
// expect: pass it with std::move
// expect gcc: stage see, of type owner:
#include "cases.hpp"

owner handler;
[[maybe_unused]] auto p = mr::from<order>() | mr::tap<"see">(WRONG(handler) RIGHT(std::move(handler)));
