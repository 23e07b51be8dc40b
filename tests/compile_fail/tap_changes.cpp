// SPDX-License-Identifier: MIT
// expect: decode
// expect: only a change may take T&; take T const&, or write mr::change
// expect gcc: stage decode gets const order&, takes order&:
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::WRONG(tap) RIGHT(change)<"decode">(decode);
