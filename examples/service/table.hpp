// SPDX-License-Identifier: MIT
// Texts by their keys. A look costs two lines of memory: the place, found by open addressing, and one block with the key and its text.
#pragma once
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A key whose hash is known.
struct hashed {
  std::string_view text;
  std::size_t hash;

  explicit hashed(std::string_view t) : text{t}, hash{std::hash<std::string_view>{}(t)} {}
};

class table {
 public:
  class place {
   public:
    [[nodiscard]] auto is_free() const -> bool { return block_.empty(); }
    [[nodiscard]] auto text() const -> std::string_view { return std::string_view{block_}.substr(1 + key_size_); }
    void write(std::string_view text) { block_.replace(1 + key_size_, std::string::npos, text); }

   private:
    friend table;
    [[nodiscard]] auto is_of(hashed key) const -> bool { return hash_ == key.hash && std::string_view{block_}.substr(1, key_size_) == key.text; }

    std::size_t hash_ = 0, key_size_ = 0;
    std::string block_;  // a byte, the key, the text; empty: free
  };

  /// The place of a key, or a free one.
  auto find(hashed key) -> place& { return places_[index_of(key)]; }
  /// Puts a key that is not there into the place that was found.
  void insert(place& at, hashed key, std::string_view text) {
    at.hash_ = key.hash, at.key_size_ = key.text.size();
    at.block_.reserve(1 + key.text.size() + text.size());
    at.block_.assign(1, '+').append(key.text).append(text);
    if (2 * ++size_ > places_.size()) grow();
  }
  void erase(place& at) {
    auto hole = static_cast<std::size_t>(&at - places_.data());
    for (auto i = next(hole); !places_[i].is_free(); i = next(i)) {  // those that were pushed on come back
      if (distance(places_[i].hash_, i) < distance(hole, i)) continue;
      places_[hole] = std::move(places_[i]);
      hole = i;
    }
    places_[hole] = {};
    --size_;
  }

 private:
  [[nodiscard]] auto next(std::size_t i) const -> std::size_t { return (i + 1) & (places_.size() - 1); }
  [[nodiscard]] auto distance(std::size_t from, std::size_t to) const -> std::size_t { return (to - from) & (places_.size() - 1); }
  [[nodiscard]] auto index_of(hashed key) const -> std::size_t {
    auto i = key.hash & (places_.size() - 1);
    while (!places_[i].is_free() && !places_[i].is_of(key)) i = next(i);
    return i;
  }
  void grow() {
    std::vector<place> before(2 * places_.size());
    before.swap(places_);
    for (auto& p : before) {
      if (p.is_free()) continue;
      auto i = p.hash_ & (places_.size() - 1);
      while (!places_[i].is_free()) i = next(i);
      places_[i] = std::move(p);
    }
  }

  std::vector<place> places_ = std::vector<place>(16);  // a power of two
  std::size_t size_ = 0;
};
