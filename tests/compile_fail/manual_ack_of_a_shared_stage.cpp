// SPDX-License-Identifier: MIT
// expect: see
// expect: a stage that is shared has no one position to acknowledge
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::tap<"see">([](order const&) {}, mr::manual_ack WRONG(, mr::stateless));
