// SPDX-License-Identifier: MIT
// expect: pinned
// expect: an event moves from its producer's lane into the ring and this one cannot
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<pinned>(WRONG(mr::lane_per_producer(2)) RIGHT(mr::many_producers)) | mr::tap<"see">([](pinned const&) {});
