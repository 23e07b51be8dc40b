// SPDX-License-Identifier: MIT
// A part of the protocol of Redis: where a request ends, and how replies look. Nothing here knows of sockets or pipelines.
#pragma once
#include <array>
#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>

namespace protocol {

inline constexpr std::size_t most_words = 3, longest_word = 1 << 20, longest_number = 16;

/// A request: its words, where they came in.
struct frame {
  std::array<std::string_view, most_words> words;
  std::size_t count = 0;
};

enum class found { nothing_yet, request, malformed };

/// The line "$12\r\n", of a mark and a number up to `most`, that begins at `at`; moves `at` behind it.
inline auto number(std::string_view in, std::size_t& at, char mark, std::size_t most, std::size_t& n) -> found {
  auto here = at;
  if (here == in.size()) return found::nothing_yet;
  if (in[here] != mark) return found::malformed;
  for (n = 0, ++here; here != in.size() && in[here] >= '0' && in[here] <= '9'; ++here) {
    n = 10 * n + static_cast<std::size_t>(in[here] - '0');
    if (n > most || here - at > longest_number) return found::malformed;
  }
  for (char const expected : {'\r', '\n'}) {
    if (here == in.size()) return found::nothing_yet;
    if (in[here] != expected || here == at + 1) return found::malformed;
    ++here;
  }
  at = here;
  return found::request;
}
/// The request that begins at `at`, "*2\r\n$3\r\nGET\r\n$1\r\na\r\n"; moves `at` behind it if all of it is there.
inline auto request(std::string_view in, std::size_t& at, frame& f) -> found {
  auto here = at;
  if (auto const what = number(in, here, '*', most_words, f.count); what != found::request) return what;
  if (f.count == 0) return found::malformed;
  for (std::size_t i = 0; i < f.count; ++i) {
    std::size_t size = 0;
    if (auto const what = number(in, here, '$', longest_word, size); what != found::request) return what;
    if (in.size() - here < size + 2) return found::nothing_yet;
    f.words[i] = {in.data() + here, size};
    here += size;
    if (in[here] != '\r' || in[here + 1] != '\n') return found::malformed;
    here += 2;
  }
  at = here;
  return found::request;
}

// ---- replies
inline auto simple(std::string_view text) -> std::string { return std::string{"+"}.append(text).append("\r\n"); }
inline auto error(std::string_view text) -> std::string { return std::string{"-ERR "}.append(text).append("\r\n"); }
inline auto nothing() -> std::string { return "$-1\r\n"; }
/// A mark, a number, the end of the line.
inline auto line(char mark, long n) -> std::string {
  char text[32] = {mark};
  auto* const end = std::to_chars(text + 1, text + 30, n).ptr;
  end[0] = '\r', end[1] = '\n';
  return {text, end + 2};
}
inline auto integer(long n) -> std::string { return line(':', n); }
inline auto bulk(std::string_view text) -> std::string { return line('$', static_cast<long>(text.size())).append(text).append("\r\n"); }

}  // namespace protocol
