// SPDX-License-Identifier: MIT
// What was counted, in order and as text.
#pragma once
#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "table.hpp"

namespace wordcount {

/// In the order of the words' bytes. Most pairs differ in their first eight, which are compared as one number.
inline void sort_by_word(std::vector<counted>& words) {
  struct sortable {
    std::uint64_t head;
    counted is;
  };
  std::vector<sortable> all;
  all.reserve(words.size());
  for (auto const& w : words) {
    std::uint64_t head = 0;
    for (std::size_t i = 0; i != 8; ++i) head = head << 8 | (i < w.word.size() ? static_cast<unsigned char>(w.word[i]) : 0u);
    all.push_back({head, w});
  }
  std::sort(all.begin(), all.end(), [](auto const& a, auto const& b) { return a.head != b.head ? a.head < b.head : a.is.word < b.is.word; });
  for (std::size_t i = 0; i != all.size(); ++i) words[i] = all[i].is;
}

/// A line as `uniq -c` writes it.
inline void append_line(std::string& text, counted const& w) {
  char digits[20];
  auto const end = std::to_chars(digits, digits + sizeof digits, w.count).ptr;
  if (end - digits < 7) text.append(static_cast<std::size_t>(7 - (end - digits)), ' ');
  text.append(digits, end).append(1, ' ').append(w.word).append(1, '\n');
}
[[nodiscard]] inline auto as_text(std::vector<counted> const& words) -> std::string {
  std::string text;
  text.reserve(words.size() * 20);
  for (auto const& w : words) append_line(text, w);
  return text;
}

/// Those seen most often, and of equally frequent ones the first.
[[nodiscard]] inline auto most_frequent(std::vector<counted> words, std::size_t n) -> std::vector<counted> {
  n = std::min(n, words.size());
  std::partial_sort(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(n), words.end(),
                    [](auto const& a, auto const& b) { return a.count != b.count ? a.count > b.count : a.word < b.word; });
  words.resize(n);
  return words;
}

[[nodiscard]] inline auto total(std::vector<counted> const& words) -> std::uint64_t {
  std::uint64_t sum = 0;
  for (auto const& w : words) sum += w.count;
  return sum;
}

}  // namespace wordcount
