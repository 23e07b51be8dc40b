// SPDX-License-Identifier: MIT
// Texts of errors. Out of the way of the code that finds them, and cheap to compile.
#pragma once
#include <cstddef>
#include <initializer_list>
#include <string_view>

#include <millrace/base/config.hpp>

namespace millrace {

/// "millrace: " and the pieces, cut at 200 characters.
class message {
 public:
  class piece {
   public:
    piece(std::string_view text) noexcept : text_{text} {}
    piece(char const* text) noexcept : text_{text} {}
    piece(unsigned long long n) noexcept : number_{n}, is_number_{true} {}
    piece(unsigned long n) noexcept : number_{n}, is_number_{true} {}
    piece(int n) noexcept : text_{n < 0 ? "-" : ""}, number_{n < 0 ? 0ULL - static_cast<unsigned long long>(n) : static_cast<unsigned long long>(n)}, is_number_{true} {}

   private:
    friend message;
    std::string_view text_{};
    unsigned long long number_ = 0;
    bool is_number_ = false;
  };

  message(std::initializer_list<piece> pieces = {}) noexcept;
  [[nodiscard]] auto text() const noexcept -> char const* { return text_; }

 private:
  void add(std::string_view s) noexcept;

  char text_[200]{};
  std::size_t size_ = 0;
};

}  // namespace millrace

#ifndef MILLRACE_SEPARATE_COMPILATION
#include <millrace/base/message.ipp>
#endif
