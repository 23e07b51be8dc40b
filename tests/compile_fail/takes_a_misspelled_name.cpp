// SPDX-License-Identifier: MIT
// expect: log
// expect: prise
// expect clang: did_you_mean<millrace::fixed_string<6>{"price"}>
// expect: no earlier stage has that name
// expect gcc: stage log wants prise, did you mean price:
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::map<"price">(price) | mr::map<"tax">([](fill const& f) { return f.price / 5; }) |
         mr::tap<"log">(see_fill, mr::takes<WRONG("prise") RIGHT("price")>);
