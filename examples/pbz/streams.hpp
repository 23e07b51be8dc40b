// SPDX-License-Identifier: MIT
// Decompressing a sequence of bytes: bzip2 streams, one after the other.
#pragma once
#include <bzlib.h>

#include <algorithm>
#include <cstddef>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "bytes.hpp"

namespace pbz {

enum class damage : unsigned char { no_bzip2, ends, data };
/// The input is not what bzip2 writes.
struct bad_input : std::runtime_error {
  explicit bad_input(damage what) : std::runtime_error{"no bzip2 file, or damaged"}, kind{what} {}
  damage kind;
};

/// One bz_stream, opened and closed.
class bz_decoder {
 public:
  bz_decoder() = default;
  bz_decoder(bz_decoder const&) = delete;
  auto operator=(bz_decoder const&) -> bz_decoder& = delete;
  ~bz_decoder() { close(); }

  /// Small: with less memory, and slower.
  void open(bool small) {
    close();
    stream_ = {};
    if (BZ2_bzDecompressInit(&stream_, 0, small ? 1 : 0) != BZ_OK) throw std::bad_alloc{};
    open_ = true;
  }
  void close() noexcept {
    if (std::exchange(open_, false)) BZ2_bzDecompressEnd(&stream_);
  }
  [[nodiscard]] auto is_open() const noexcept -> bool { return open_; }

  /// Takes from `in` and adds to `out` what there is room for. Returns what libbz2 says.
  auto step(std::string_view& in, bytes& out) -> int {
    auto const room = out.room() - out.size();
    stream_.next_in = const_cast<char*>(in.data());  // NOLINT(cppcoreguidelines-pro-type-const-cast): libbz2 does not write there
    stream_.avail_in = static_cast<unsigned>(in.size());
    stream_.next_out = out.data() + out.size();
    stream_.avail_out = static_cast<unsigned>(room);
    auto const said = BZ2_bzDecompress(&stream_);
    if (said == BZ_MEM_ERROR) throw std::bad_alloc{};
    in.remove_prefix(in.size() - stream_.avail_in);
    out.resize(out.size() + room - stream_.avail_out);
    return said;
  }

 private:
  bz_stream stream_{};
  bool open_ = false;
};

/// Whether `in` is whole streams and nothing else, and what they hold, if that is not more than `most` bytes.
/// Called by  any thread.
[[nodiscard]] inline auto decode_whole(std::string_view in, bytes& out, std::size_t most, bool small) -> bool {
  out.resize(0);
  out.reserve(1'000'000);  // what pbzip2 and this program put into a stream
  for (bz_decoder one; !in.empty();) {
    one.open(small);
    for (int said = BZ_OK; said != BZ_STREAM_END;) {
      if (out.size() == out.room()) {
        if (out.room() >= most) return false;
        out.reserve(std::min(2 * out.room(), most));
      }
      if (said = one.step(in, out); said != BZ_OK && said != BZ_STREAM_END) return false;
      if (said == BZ_OK && in.empty() && out.size() < out.room()) return false;  // it goes on behind this
    }
  }
  return true;
}

/// Decodes pieces of a file, in order, whatever their borders are.
class stream_decoder {
 public:
  struct manner {
    bool small = false;
    bool pass_on_what_is_none = false;  // a file that does not begin as one of bzip2's comes out as it is
  };
  explicit stream_decoder(manner how) noexcept : how_{how} {}

  /// It stands between two streams, so that who has decoded some by himself may put them here.
  [[nodiscard]] auto between() const noexcept -> bool { return !one_.is_open() && !garbage_ && !as_it_is_; }
  void passed_whole() noexcept { any_ = true; }

  /// Calls `sink(std::string_view)` with what the bytes hold.
  /// Throws     bad_input.
  template <typename Sink>
  void feed(std::string_view in, Sink sink) {
    if (as_it_is_) return sink(in);
    out_.reserve(262'144);
    auto const all = in;
    bool full = false;  // libbz2 may have more that it had no room for
    while (!garbage_ && (!in.empty() || full)) {
      if (!one_.is_open()) one_.open(how_.small);
      out_.resize(0);
      auto const said = one_.step(in, out_);
      sink(out_.view());
      full = said == BZ_OK && out_.size() == out_.room();
      if (said == BZ_STREAM_END) {
        one_.close();
        any_ = true;
      } else if (said == BZ_DATA_ERROR_MAGIC && any_) {
        one_.close();
        garbage_ = true;  // behind the last stream anything may stand: so says bzip2
      } else if (said == BZ_DATA_ERROR_MAGIC && how_.pass_on_what_is_none) {
        one_.close();
        as_it_is_ = any_ = true;
        sink(begun_);
        return sink(all);
      } else if (said == BZ_DATA_ERROR_MAGIC) {
        throw bad_input{damage::no_bzip2};
      } else if (said != BZ_OK) {
        throw bad_input{damage::data};
      }
    }
    if (!any_ && begun_.size() < mark) begun_.append(all.substr(0, mark));
  }
  /// Nothing follows. Throws     bad_input if something should.
  void end() const {
    if (one_.is_open() || !any_) throw bad_input{damage::ends};
  }
  [[nodiscard]] auto garbage() const noexcept -> bool { return garbage_; }

 private:
  static constexpr std::size_t mark = 4;  // bytes by which libbz2 knows

  manner how_;
  bz_decoder one_;
  bytes out_;
  std::string begun_;  // of a first stream of which it does not know yet
  bool any_ = false, garbage_ = false, as_it_is_ = false;
};

}  // namespace pbz
