// SPDX-License-Identifier: MIT
// The event of the pipeline: a piece of the text, and where its words are. It is written over again and again, and keeps its
// memory.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

namespace wordcount {

/// A word of a block: text().substr(begin, size).
struct word {
  std::uint32_t begin, size;
};

/// The words of one block, in order.
class word_list {
 public:
  /// Room for so many, and none yet.
  void clear(std::size_t most) {
    if (most > room_) words_ = std::make_unique_for_overwrite<word[]>(room_ = most);
    size_ = 0;
  }
  void add(word w) noexcept { words_[size_++] = w; }

  [[nodiscard]] auto begin() const noexcept -> word const* { return words_.get(); }
  [[nodiscard]] auto end() const noexcept -> word const* { return begin() + size_; }
  [[nodiscard]] auto size() const noexcept -> std::size_t { return size_; }

 private:
  std::unique_ptr<word[]> words_;
  std::size_t room_ = 0, size_ = 0;
};

/// Text with some free room before it, where the beginning of its first word may be put, and some after it, so that it can
/// be looked at 64 bytes at a time.
class block {
 public:
  static constexpr std::size_t usual_size = 64 * 1024;
  static constexpr std::size_t before = 256, after = 64;

  /// Room for so much text, and none yet.
  void clear(std::size_t room) {
    if (room > room_) memory_ = std::make_unique_for_overwrite<char[]>(before + (room_ = room) + after);
    begin_ = end_ = before;
    last = false;
  }

  [[nodiscard]] auto text() const noexcept -> std::string_view { return {memory_.get() + begin_, end_ - begin_}; }
  [[nodiscard]] auto empty() const noexcept -> bool { return begin_ == end_; }

  // ---- filling it
  [[nodiscard]] auto free_space() noexcept -> char* { return memory_.get() + end_; }
  [[nodiscard]] auto free_size() const noexcept -> std::size_t { return before + room_ - end_; }
  void grow_by(std::size_t n) noexcept { end_ += n; }

  // ---- moving its borders
  void keep_first(std::size_t n) noexcept { end_ = begin_ + n; }
  void put_before(std::string_view head) {
    if (head.size() > begin_) make_room_before(head.size());
    begin_ -= head.size();
    std::memcpy(memory_.get() + begin_, head.data(), head.size());
  }

  bool last = false;  ///< no text follows
  word_list words;

 private:
  void make_room_before(std::size_t n) {
    block larger;
    larger.clear(n + text().size());
    larger.begin_ = larger.end_ = before + n;
    std::memcpy(larger.free_space(), text().data(), text().size());
    larger.grow_by(text().size());
    larger.last = last;
    *this = std::move(larger);
  }

  std::unique_ptr<char[]> memory_;
  std::size_t room_ = 0, begin_ = before, end_ = before;
};

}  // namespace wordcount
