// SPDX-License-Identifier: MIT
// expect: have no place in it yet where somebody could wait for a reply
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>(mr::replies, mr::on_full(WRONG(mr::drop_oldest) RIGHT(mr::drop_newest))) | mr::tap<"see">(see);
