// SPDX-License-Identifier: MIT
// Texts of errors. Out of the way of the code that finds them, and cheap to compile.
#pragma once
#include <cstddef>
#include <cstdio>
#include <string_view>

namespace millrace {

/// "millrace: " and the pieces, cut at 200 characters.
class message {
 public:
  template <typename... Piece>
  [[gnu::cold]] explicit message(Piece... piece) noexcept {
    add(std::string_view{"millrace: "});
    (add(piece), ...);
  }
  [[nodiscard]] auto text() const noexcept -> char const* { return text_; }

 private:
  [[gnu::cold, gnu::noinline]] void add(std::string_view s) noexcept {
    for (char const c : s)
      if (size_ < sizeof text_ - 1) text_[size_++] = c;
  }
  [[gnu::cold]] void add(char const* s) noexcept { add(std::string_view{s}); }
  [[gnu::cold, gnu::noinline]] void add(unsigned long long n) noexcept {
    char digits[24];
    std::snprintf(digits, sizeof digits, "%llu", n);
    add(std::string_view{digits});
  }
  [[gnu::cold, gnu::noinline]] void add(int n) noexcept {
    if (n < 0) add(std::string_view{"-"});
    add(n < 0 ? 0ULL - static_cast<unsigned long long>(n) : static_cast<unsigned long long>(n));
  }
  [[gnu::cold]] void add(unsigned long n) noexcept { add(static_cast<unsigned long long>(n)); }

  char text_[200]{};
  std::size_t size_ = 0;
};

}  // namespace millrace
