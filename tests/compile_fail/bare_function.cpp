// SPDX-License-Identifier: MIT
// expect: a handler needs a verb and a name
// expect: (const order
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | WRONG((see)) RIGHT(mr::tap<"see">(see)) | mr::change<"decode">(decode);
