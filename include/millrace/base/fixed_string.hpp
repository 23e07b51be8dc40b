// SPDX-License-Identifier: MIT
// Names as template arguments, and types as text for messages.
#pragma once
#include <cstddef>
#include <string_view>

namespace millrace {

/// A name as a template argument: `map<"match">`.
template <std::size_t N>
struct fixed_string {
  char text[N]{};
  constexpr fixed_string() = default;
  constexpr fixed_string(char const (&s)[N]) noexcept {
    for (std::size_t i = 0; i < N; ++i) text[i] = s[i];
  }
  [[nodiscard]] constexpr auto view() const noexcept -> std::string_view { return {text, N - 1}; }
};

/// The type as the compiler writes it, without the library's own namespace.
template <typename T>
consteval auto type_name() -> std::string_view {
  std::string_view all = __PRETTY_FUNCTION__;  // gcc: "... [with T = X; std::string_view = ...]", clang: "... [T = X]"
  all.remove_prefix(all.find("T = ") + 4);
  auto const end = all.find("; std::string_view");
  all = all.substr(0, end == std::string_view::npos ? all.size() - 1 : end);
  return all.starts_with("millrace::") ? all.substr(10) : all;
}

}  // namespace millrace
