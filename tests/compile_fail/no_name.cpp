// SPDX-License-Identifier: MIT
// expect: a stage needs a name
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::tap RIGHT(<"see">)(see);
