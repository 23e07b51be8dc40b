// SPDX-License-Identifier: MIT
// expect: log
// expect: in that order
// expect gcc: stage log gets const fill&, const order&, takes const order&, const fill&:
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::map<"price">(price) |
         mr::tap<"log">([](order const&, fill const&) {}, mr::takes<WRONG("price", "event") RIGHT("event", "price")>);
