// SPDX-License-Identifier: MIT
// expect: log
// expect: take one parameter for each value that reaches it, in that order
// expect gcc: stage log gets const fill&, const order&, takes const fill&:
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::map<"price">(price) | mr::tap<"log">([](fill const& RIGHT(, order const&)) {}, mr::takes<"price", "event">);
