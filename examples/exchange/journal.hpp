// SPDX-License-Identifier: MIT
// The journal: every order, in order, on the disk before anybody acts on it. One flush for all that has come meanwhile.
#pragma once
#include <fcntl.h>
#include <unistd.h>

#include <millrace.hpp>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include "order.hpp"

namespace exchange {

namespace mr = millrace;

/// An order with what tells whether it is whole, and in its place.
struct record {
  order what;
  std::uint64_t check;
};
[[nodiscard]] inline auto check_of(order const& o, std::uint64_t number) -> std::uint64_t {
  std::uint64_t words[sizeof o / 8];
  std::memcpy(words, &o, sizeof o);
  auto d = mixed(0, number);
  for (auto const w : words) d = mixed(d, w);
  return d;
}
/// The orders of a batch as records; the first one has this number.
inline void append_records(std::vector<record>& to, mr::batch<entry const> from) {
  auto number = static_cast<std::uint64_t>(from.first_sequence());
  for (entry const& e : from) to.push_back({e.what, check_of(e.what, number++)});
}

/// Something written or received, and somebody who waits for more of it, or for the end.
class progress {
 public:
  void reach(mr::sequence to) {
    reached_.store(to, std::memory_order::release);
    tell();
  }
  void end() {
    ended_.store(true, std::memory_order::release);
    tell();
  }
  /// More than `than`; or `than` itself, and there will be no more.
  [[nodiscard]] auto wait_for_more(mr::sequence than) const -> mr::sequence {
    for (;;) {
      auto const news = news_.load(std::memory_order::acquire);
      bool const last = ended_.load(std::memory_order::acquire);
      if (auto const at = reached_.load(std::memory_order::acquire); at > than || last) return at;
      news_.wait(news, std::memory_order::acquire);
    }
  }

 private:
  void tell() {
    news_.fetch_add(1, std::memory_order::release);
    news_.notify_one();
  }
  std::atomic<mr::sequence> reached_{0};
  std::atomic<bool> ended_{false};
  std::atomic<std::uint32_t> news_{0};
};

class journal {
 public:
  /// Without a path nothing is kept, and everything counts as flushed.
  explicit journal(std::string const& path) {
    if (path.empty()) return;
    fd_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (fd_ < 0) throw std::system_error{errno, std::generic_category(), path};
  }
  journal(journal const&) = delete;
  auto operator=(journal const&) -> journal& = delete;
  ~journal() {
    if (fd_ >= 0) ::close(fd_);
  }

  // [journal]
  /// Stage "journal".
  void write(mr::batch<entry const> batch) {
    records_.clear();
    append_records(records_, batch);
    auto const* next = reinterpret_cast<char const*>(records_.data());
    for (auto left = fd_ < 0 ? 0 : records_.size() * sizeof(record); left != 0;) {
      auto const n = ::write(fd_, next, left);
      if (n < 0 && errno != EINTR) throw std::system_error{errno, std::generic_category(), "cannot write the journal"};
      if (n > 0) next += n, left -= static_cast<std::size_t>(n);
    }
    written_.reach(batch.first_sequence() + static_cast<mr::sequence>(batch.size()));
  }
  /// A thread of its own: while the disk flushes, "journal" writes on; what has come meanwhile is one flush.
  /// Throws     std::system_error.
  void flush_all(mr::acknowledger const& acknowledge) {
    for (mr::sequence flushed = 0;;) {
      auto const to = written_.wait_for_more(flushed);
      if (to == flushed) return;
      if (fd_ >= 0 && ::fdatasync(fd_) != 0) throw std::system_error{errno, std::generic_category(), "cannot flush the journal"};
      ++flushes_;
      flushed = to;
      acknowledge(to - 1);  // "match" may see them
    }
  }
  // [/journal]
  void end() { written_.end(); }
  [[nodiscard]] auto flushes() const -> std::size_t { return flushes_; }

 private:
  int fd_ = -1;
  std::vector<record> records_;
  progress written_;
  std::size_t flushes_ = 0;
};

/// Calls `f(order const&)` for all that a journal has whole; how many.
/// Throws     std::system_error.
template <typename F>
auto read_journal(std::string const& path, F f) -> std::uint64_t {
  struct closing {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::unique_ptr<std::FILE, closing> const file{std::fopen(path.c_str(), "rbe")};
  if (file == nullptr) throw std::system_error{errno, std::generic_category(), path};
  std::uint64_t n = 0;
  for (record r; std::fread(&r, sizeof r, 1, file.get()) == 1 && r.check == check_of(r.what, n); ++n) f(r.what);
  return n;
}

}  // namespace exchange
