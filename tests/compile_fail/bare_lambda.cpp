// SPDX-License-Identifier: MIT
// expect: a handler needs a verb and a name
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | RIGHT(mr::tap<"see">)([](order const&) {});
