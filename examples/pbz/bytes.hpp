// SPDX-License-Identifier: MIT
// Memory that is written over again and again, and reading and writing all of it.
#pragma once
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <memory>
#include <string_view>
#include <system_error>

namespace pbz {

/// Bytes with room for more. Growing does not touch the room that is not used: it costs no memory until then.
class bytes {
 public:
  [[nodiscard]] auto data() noexcept -> char* { return memory_.get(); }
  [[nodiscard]] auto room() const noexcept -> std::size_t { return room_; }
  [[nodiscard]] auto size() const noexcept -> std::size_t { return size_; }
  [[nodiscard]] auto view() const noexcept -> std::string_view { return {memory_.get(), size_}; }
  void resize(std::size_t n) noexcept { size_ = n; }  // within its room
  void reserve(std::size_t n) {
    if (n <= room_) return;
    auto larger = std::make_unique_for_overwrite<char[]>(n);
    std::copy_n(memory_.get(), size_, larger.get());
    memory_ = std::move(larger);
    room_ = n;
  }
  void assign(std::string_view from) {
    size_ = 0;
    reserve(from.size());
    std::copy_n(from.data(), from.size(), memory_.get());
    size_ = from.size();
  }

 private:
  std::unique_ptr<char[]> memory_;
  std::size_t room_ = 0, size_ = 0;
};

/// Fills `to`, unless the input ends before; how much there was.
/// Throws     std::system_error.
[[nodiscard]] inline auto read_all(int fd, char* to, std::size_t n) -> std::size_t {
  std::size_t got = 0;
  while (got < n) {
    auto const r = ::read(fd, to + got, n - got);
    if (r == 0) break;
    if (r > 0) got += static_cast<std::size_t>(r);
    else if (errno != EINTR) throw std::system_error{errno, std::generic_category(), "read"};
  }
  return got;
}
/// Throws     std::system_error.
inline void write_all(int fd, std::string_view from) {
  while (!from.empty()) {
    auto const w = ::write(fd, from.data(), from.size());
    if (w >= 0) from.remove_prefix(static_cast<std::size_t>(w));
    else if (errno != EINTR) throw std::system_error{errno, std::generic_category(), "write"};
  }
}

}  // namespace pbz
