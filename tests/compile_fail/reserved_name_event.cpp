// SPDX-License-Identifier: MIT
// expect: event and source have a meaning already
// expect gcc: stage event:
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::tap<WRONG("event") RIGHT("see event")>(see);
