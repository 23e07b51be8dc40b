// SPDX-License-Identifier: MIT
// expect: nobody can wait there for a reply
// expect: write mr::many_producers
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>(WRONG(mr::lane_per_producer(2)) RIGHT(mr::many_producers), mr::replies) | mr::tap<"see">(see);
