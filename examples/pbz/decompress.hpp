// SPDX-License-Identifier: MIT
// Decompressing: the file is cut where streams seem to begin, and workers decode the pieces. What turns out not to be whole streams (a
// stream that is large, a beginning that was none, damage) is decoded in order by the last stage.
#pragma once
#include <millrace.hpp>

#include <cstddef>
#include <cstring>
#include <string_view>

#include "bytes.hpp"
#include "streams.hpp"

namespace pbz {

namespace mr = millrace;

struct piece {
  static constexpr std::size_t most_in = 1'000'000, most_out = 4'000'000;  // what is larger is decoded in order: bounded memory
  bytes in, out;
  bool cut = false;    // it ends in the middle of a stream
  bool whole = false;  // `out` is what it holds
};

/// Cuts before each "BZh", a level, and the mark of a block or of the end of an empty stream.
class piece_reader {
 public:
  explicit piece_reader(int fd) : fd_{fd} {}

  auto operator()(piece& p) -> bool {
    for (;;) {
      auto const ahead = read_.view().substr(begin_);
      if (auto const at = find_stream(ahead, searched_); at != npos) return give(p, ahead.substr(0, at), false);
      if (ended_) return !ahead.empty() && give(p, ahead, false);
      if (ahead.size() >= piece::most_in) return give(p, ahead.substr(0, ahead.size() - (head - 1)), true);  // a head may have begun
      searched_ = ahead.size() < head ? 1 : ahead.size() - (head - 1);
      read_more();
    }
  }

 private:
  static constexpr std::size_t head = 10, step = 131'072, npos = std::string_view::npos;

  [[nodiscard]] static auto find_stream(std::string_view in, std::size_t from) -> std::size_t {
    for (auto at = in.find("BZh", from); at != npos && at + head <= in.size(); at = in.find("BZh", at + 1))
      if (auto const mark = in.substr(at + 4, 6); in[at + 3] >= '1' && in[at + 3] <= '9' && (mark == "1AY&SY" || mark == "\x17\x72\x45\x38\x50\x90")) return at;
    return npos;
  }
  auto give(piece& p, std::string_view what, bool cut) -> bool {
    p.in.assign(what);
    p.cut = cut;
    begin_ += what.size();
    searched_ = 1;
    return true;
  }
  void read_more() {
    auto const left = read_.size() - begin_;
    read_.reserve(piece::most_in + step);
    std::memmove(read_.data(), read_.data() + begin_, left);
    auto const got = read_all(fd_, read_.data() + left, step);
    ended_ = got != step;
    begin_ = 0;
    read_.resize(left + got);
  }

  int fd_;
  bytes read_;
  std::size_t begin_ = 0, searched_ = 1;  // of what is ahead, where a stream may begin that has not been found
  bool ended_ = false;
};

// [decompress]
/// From a file to a file, or to none.
inline auto decompressing(int from, int to, stream_decoder& in_order, bool small) {
  auto const decode = [small](piece& p) { p.whole = !p.cut && decode_whole(p.in.view(), p.out, piece::most_out, small); };
  auto const write = [to, &in_order](piece const& p) {
    auto const put = [to](std::string_view out) { to < 0 ? void() : write_all(to, out); };
    if (p.whole && in_order.between()) in_order.passed_whole(), put(p.out.view());
    else in_order.feed(p.in.view(), put);
  };
  return mr::generate<piece>(piece_reader{from}) | mr::change<"decode">(decode, mr::stateless) | mr::tap<"write">(write);
}
// [/decompress]

}  // namespace pbz
