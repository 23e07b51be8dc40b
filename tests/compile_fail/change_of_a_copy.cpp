// SPDX-License-Identifier: MIT
// expect: decode
// expect: would change a copy; take T&, or write mr::tap
// expect gcc: stage decode gets order&, takes order:
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::change<"decode">([](order RIGHT(&) o) { ++o.quantity; });
