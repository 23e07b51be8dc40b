// SPDX-License-Identifier: MIT
// expect: see
// expect: a stage of this name exists already
// expect gcc: stage see:
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::tap<"see">(see) | mr::change<"decode">(decode) | mr::tap<WRONG("see") RIGHT("see again")>(see);
