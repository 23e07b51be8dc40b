// SPDX-License-Identifier: MIT
// expect: a source can only stand first
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::change<"decode">(decode) WRONG(| mr::from<order>()) | mr::tap<"see">(see);
