// SPDX-License-Identifier: MIT
// How often each word was seen: a hash table with open addressing, made for counting and nothing else.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory_resource>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "words.hpp"

namespace wordcount {

struct counted {
  std::string_view word;
  std::uint64_t count;
};

class word_table {
 public:
  void add(block const& b) {
    auto const& words = b.words;
    std::size_t constexpr most = 32;  // at a time: all places are fetched before the first is looked at
    std::uint64_t keys[most];
    auto const* const text = b.text().data();
    for (auto const* w = words.begin(); w != words.end();) {
      auto const n = std::min(most, static_cast<std::size_t>(words.end() - w));
      for (std::size_t i = 0; i != n; ++i) {
        keys[i] = key_of(text + w[i].begin, w[i].size);
        __builtin_prefetch(first_place(keys[i]), 1);
      }
      for (std::size_t i = 0; i != n; ++i) count(keys[i], text + w[i].begin, w[i].size);
      w += n;
    }
  }

  /// How many different words.
  [[nodiscard]] auto size() const noexcept -> std::size_t { return words_; }

  /// All words with their counts, in no order.
  [[nodiscard]] auto all() const -> std::vector<counted> {
    std::vector<counted> seen;
    seen.reserve(words_);
    for (auto const& p : places_)
      if (p.size != 0) seen.push_back({{p.letters, p.size}, p.count});
    return seen;
  }

 private:
  struct place {
    std::uint64_t key;
    char const* letters;
    std::uint64_t count;
    std::uint32_t size;  // 0: free
  };

  /// Equal words have equal keys; words of up to eight letters are equal if their keys and sizes are.
  static auto key_of(char const* letters, std::size_t size) noexcept -> std::uint64_t {
    constexpr std::uint64_t odd = 0x9e3779b97f4a7c15;  // a product with it can be undone, and its high bits are well mixed
    if (size <= 8) return (eight_bytes(letters) << (64 - 8 * size)) * odd;
    auto key = size * odd;
    for (; size > 8; size -= 8, letters += 8) key = std::rotr((key ^ eight_bytes(letters)) * odd, 32);
    return (key ^ eight_bytes(letters + size - 8)) * odd;
  }
  static auto eight_bytes(char const* at) noexcept -> std::uint64_t {
    std::uint64_t bytes;
    std::memcpy(&bytes, at, sizeof bytes);
    return bytes;
  }

  auto first_place(std::uint64_t key) noexcept -> place* { return &places_[key >> shift_]; }
  auto next(place* p) noexcept -> place* { return p + 1 == places_.data() + places_.size() ? places_.data() : p + 1; }

  void count(std::uint64_t key, char const* letters, std::uint32_t size) {
    auto* p = first_place(key);
    for (; p->size != 0; p = next(p))
      if (p->key == key && p->size == size && (size <= 8 || std::memcmp(p->letters, letters, size) == 0)) {
        ++p->count;
        return;
      }
    *p = {key, keep(letters, size), 1, size};
    if (++words_ > places_.size() / 2) grow();
  }

  auto keep(char const* letters, std::uint32_t size) -> char const* {
    auto* const kept = static_cast<char*>(letters_.allocate(size, 1));
    std::memcpy(kept, letters, size);
    return kept;
  }

  void grow() {
    std::vector<place> const old = std::exchange(places_, std::vector<place>(2 * places_.size()));
    --shift_;
    for (auto const& o : old) {
      if (o.size == 0) continue;
      auto* p = first_place(o.key);
      while (p->size != 0) p = next(p);
      *p = o;
    }
  }

  int shift_ = 64 - 16;  // a key's high bits are the number of its first place
  std::vector<place> places_ = std::vector<place>(std::size_t{1} << 16);
  std::size_t words_ = 0;
  std::pmr::monotonic_buffer_resource letters_;
};

}  // namespace wordcount
