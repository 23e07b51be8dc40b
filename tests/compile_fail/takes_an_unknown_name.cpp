// SPDX-License-Identifier: MIT
// expect: log
// expect: evnt
// expect: event
// expect: no earlier stage has that name
// expect gcc: stage log wants evnt, did you mean event:
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::map<"price">(price) | mr::tap<"log">(see, mr::takes<WRONG("evnt") RIGHT("event")>);
