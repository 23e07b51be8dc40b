// SPDX-License-Identifier: MIT
// expect: event and source have a meaning already
// expect gcc: stage source:
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::tap<WRONG("source") RIGHT("sink")>(see);
