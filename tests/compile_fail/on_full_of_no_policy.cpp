// SPDX-License-Identifier: MIT
// expect: mr::on_full takes mr::wait_for_room, mr::refuse, mr::drop_newest, mr::drop_oldest or mr::conflate_by(key)
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>(mr::on_full(WRONG(mr::refuse, 5) RIGHT(mr::drop_oldest, 8))) | mr::tap<"see">(see);
