// SPDX-License-Identifier: MIT
// expect: log
// expect: names nothing; name what the stage takes, or remove it
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::tap<"log">(see, mr::takes<RIGHT("event")>);
