// SPDX-License-Identifier: MIT
// A part of the protocol of Redis: where a request ends, and how replies look. Nothing here knows of sockets or pipelines.
#pragma once
#include <array>
#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>

namespace protocol {

inline constexpr std::size_t most_words = 3, longest_word = 1 << 20, longest_line = 64;

/// The words of one request, in the buffer that it came in.
struct frame {
  std::array<std::string_view, most_words> words;
  std::size_t count = 0;
};

enum class found { nothing_yet, request, malformed };

/// A line of `in` from `at` on, without its end; moves `at` behind it.
inline auto line(std::string_view in, std::size_t& at, std::string_view& text) -> found {
  auto const end = in.find("\r\n", at);
  if (end == std::string_view::npos) return in.size() - at > longest_line ? found::malformed : found::nothing_yet;
  if (end - at > longest_line) return found::malformed;
  text = in.substr(at, end - at);
  at = end + 2;
  return found::request;
}
/// A number behind `mark`, from 0 to `most`.
inline auto number(std::string_view text, char mark, std::size_t most, std::size_t& n) -> bool {
  if (text.empty() || text.front() != mark) return false;
  auto const [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), n);
  return error == std::errc{} && end == text.data() + text.size() && n <= most;
}
/// The request that begins at `at`, "*2\r\n$3\r\nGET\r\n$1\r\na\r\n"; moves `at` behind it if all of it is there.
inline auto request(std::string_view in, std::size_t& at, frame& f) -> found {
  auto here = at;
  std::string_view text;
  if (auto const what = line(in, here, text); what != found::request) return what;
  if (!number(text, '*', most_words, f.count) || f.count == 0) return found::malformed;
  for (std::size_t i = 0; i < f.count; ++i) {
    if (auto const what = line(in, here, text); what != found::request) return what;
    std::size_t size = 0;
    if (!number(text, '$', longest_word, size)) return found::malformed;
    if (in.size() - here < size + 2) return found::nothing_yet;
    f.words[i] = in.substr(here, size);
    if (in.substr(here + size, 2) != "\r\n") return found::malformed;
    here += size + 2;
  }
  at = here;
  return found::request;
}

// ---- replies
inline auto simple(std::string_view text) -> std::string { return "+" + std::string{text} + "\r\n"; }
inline auto error(std::string_view text) -> std::string { return "-ERR " + std::string{text} + "\r\n"; }
inline auto integer(long n) -> std::string { return ":" + std::to_string(n) + "\r\n"; }
inline auto bulk(std::string_view text) -> std::string { return "$" + std::to_string(text.size()) + "\r\n" + std::string{text} + "\r\n"; }
inline auto nothing() -> std::string { return "$-1\r\n"; }

}  // namespace protocol
