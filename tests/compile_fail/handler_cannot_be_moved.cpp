// SPDX-License-Identifier: MIT
// expect: see
// expect: pinned
// expect: pass a lambda that refers to it
// expect gcc: stage see, of type pinned:
#include "cases.hpp"

pinned handler;
[[maybe_unused]] auto p = mr::from<order>() | mr::tap<"see">(WRONG(std::move(handler)) RIGHT([](order const& o) { handler(o); }));
