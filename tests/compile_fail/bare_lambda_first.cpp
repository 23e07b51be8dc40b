// SPDX-License-Identifier: MIT
// expect: a handler needs a verb and a name
#include "cases.hpp"

[[maybe_unused]] auto fragment = RIGHT(mr::tap<"see">)([](order const&) {}) | mr::change<"decode">(decode);
