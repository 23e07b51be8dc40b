// SPDX-License-Identifier: MIT
// expect: log
// expect: decode
// expect: that stage makes no result, only a map does
// expect gcc: stage log wants decode:
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::change<"decode">(decode) | mr::tap<"log">(see, mr::takes<WRONG("decode") RIGHT("event")>);
