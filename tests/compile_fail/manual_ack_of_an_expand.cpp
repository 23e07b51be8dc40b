// SPDX-License-Identifier: MIT
// expect: legs
// expect: put mr::manual_ack on a stage behind it
#include <vector>

#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::expand<"legs">([](order const& o) { return std::vector<order>(2, o); } WRONG(, mr::manual_ack)) | mr::tap<"see">(see RIGHT(, mr::manual_ack));
