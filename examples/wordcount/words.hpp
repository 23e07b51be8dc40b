// SPDX-License-Identifier: MIT
// From text to words. A word is a run of ASCII letters and digits, as long as can be.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "block.hpp"

namespace wordcount {

[[nodiscard]] constexpr auto in_word(char c) noexcept -> bool {
  auto const letter = static_cast<unsigned char>((c | 0x20) - 'a'), digit = static_cast<unsigned char>(c - '0');
  return (letter < 26) | (digit < 10);
}

/// Blocks end anywhere. This moves what begins at the end of a block to the beginning of the next one: afterwards every word
/// is whole, and blocks no longer depend on each other.
class join_words {
 public:
  void operator()(block& b) {
    auto const text = b.text();
    auto cut = text.size();
    if (!b.last)
      while (cut != 0 && in_word(text[cut - 1])) --cut;
    std::string const begun{text.substr(cut)};
    b.keep_first(cut);
    if (cut != 0 || b.last) {
      b.put_before(unfinished_);
      unfinished_.clear();
    }
    unfinished_ += begun;  // of a block that is nothing but a part of one word, all
  }

 private:
  std::string unfinished_;
};

/// Bit i says whether text[i] belongs to a word. Compilers make vector instructions of this.
[[nodiscard]] inline auto in_words(char const* text) noexcept -> std::uint64_t {
  static_assert(std::endian::native == std::endian::little, "the bits are gathered from bytes in this order");
  unsigned char belongs[64];
  for (std::size_t i = 0; i != 64; ++i) belongs[i] = in_word(text[i]);
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i != 64; i += 8) {
    std::uint64_t eight;  // bytes, each 0 or 1
    std::memcpy(&eight, belongs + i, sizeof eight);
    bits |= (eight * 0x0102040810204080 >> 56) << i;
  }
  return bits;
}

/// Finds the words of a block, 64 bytes at a time: where the answer to "in a word?" changes, one begins or ends.
inline void find_words(block& b) {
  auto const text = b.text();
  auto& words = b.words;
  words.clear(text.size() / 2 + 1);
  std::uint64_t inside = 0;  // 1: a word has begun
  std::uint32_t begin = 0;
  for (std::size_t at = 0; at < text.size(); at += 64) {
    auto in = in_words(text.data() + at);
    if (auto const left = text.size() - at; left < 64) in &= (std::uint64_t{1} << left) - 1;
    for (auto edges = in ^ (in << 1 | inside); edges != 0; edges &= edges - 1) {
      auto const edge = static_cast<std::uint32_t>(at) + static_cast<std::uint32_t>(std::countr_zero(edges));
      if (in >> (edge - at) & 1) begin = edge;
      else words.add({begin, edge - begin});
    }
    inside = in >> 63;
  }
  if (inside != 0) words.add({begin, static_cast<std::uint32_t>(text.size()) - begin});
}

}  // namespace wordcount
