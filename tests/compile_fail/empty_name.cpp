// SPDX-License-Identifier: MIT
// expect: a stage has an empty name
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::tap<WRONG("") RIGHT("see")>(see);
