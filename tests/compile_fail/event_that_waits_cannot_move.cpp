// SPDX-License-Identifier: MIT
// expect: pinned
// expect: an event that waits beside the ring moves into it and this one cannot
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<pinned>(mr::on_full(WRONG(mr::drop_oldest) RIGHT(mr::drop_newest))) | mr::tap<"see">([](pinned const&) {});
