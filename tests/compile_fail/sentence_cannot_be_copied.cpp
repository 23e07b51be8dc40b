// SPDX-License-Identifier: MIT
// expect: see
// expect: owner
// expect: write std::move(sentence) to use it up
// expect gcc: stage see, of type owner:
#include "cases.hpp"

auto start = mr::from<order>() | mr::tap<"first">([](order const&) {}) | mr::tap<"see">(owner{});
[[maybe_unused]] auto p = WRONG(start) RIGHT(std::move(start)) | mr::change<"decode">(decode);
