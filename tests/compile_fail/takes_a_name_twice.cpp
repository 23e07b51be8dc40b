// SPDX-License-Identifier: MIT
// expect: log
// expect: event
// expect: mr::takes names it twice
// expect gcc: stage log wants event:
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::map<"price">(price) | mr::tap<"log">([](order const&, auto const&) {}, mr::takes<"event", WRONG("event") RIGHT("price")>);
