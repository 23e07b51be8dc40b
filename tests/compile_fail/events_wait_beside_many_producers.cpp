// SPDX-License-Identifier: MIT
// expect: order
// expect: events wait beside the ring of one producer only
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>(WRONG(mr::many_producers, ) mr::on_full(mr::drop_oldest)) | mr::tap<"see">(see);
