// SPDX-License-Identifier: MIT
// Putting texts of errors together.
#pragma once
#include <cstdio>

namespace millrace {

MILLRACE_COMPILED message::message(std::initializer_list<piece> pieces) noexcept {
  add("millrace: ");
  for (auto const& p : pieces) {
    add(p.text_);
    if (!p.is_number_) continue;
    char digits[24];
    std::snprintf(digits, sizeof digits, "%llu", p.number_);
    add(digits);
  }
}

MILLRACE_COMPILED void message::add(std::string_view s) noexcept {
  for (char const c : s)
    if (size_ < sizeof text_ - 1) text_[size_++] = c;
}

}  // namespace millrace
