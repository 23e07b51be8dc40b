// SPDX-License-Identifier: MIT
// expect: log
// expect: take one parameter for each value that reaches it
// expect gcc: stage log gets const fill&, const fill&, takes const fill&:
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::fan_out(mr::map<"a">(price), mr::map<"b">(price)) | mr::tap<"log">([](fill const& RIGHT(, fill const&)) {});
