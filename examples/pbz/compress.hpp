// SPDX-License-Identifier: MIT
// Compressing: each block of the input becomes a bzip2 stream of its own; streams one after the other are a bzip2 file.
#pragma once
#include <bzlib.h>

#include <millrace.hpp>

#include <cstddef>
#include <new>
#include <utility>

#include "bytes.hpp"

namespace pbz {

namespace mr = millrace;

struct block {
  bytes in, out;
};
/// Bytes that have been read and written: each counted by one stage.
struct traffic {
  unsigned long long in = 0, out = 0;
};

/// Reads blocks that fit into one bzip2 block of this level. An empty input is one empty block: it makes a stream too.
struct block_reader {
  int fd;
  std::size_t size;
  traffic* passed;
  bool first = true;
  auto operator()(block& b) -> bool {
    b.in.reserve(size);
    b.in.resize(read_all(fd, b.in.data(), size));
    passed->in += b.in.size();
    return std::exchange(first, false) || b.in.size() != 0;
  }
};

// [compress]
/// From a file to a file. Blocks stay where they are in the ring: that bounds the memory, and keeps their order.
inline auto compressing(int from, int to, int level, traffic& passed) {
  auto const compress = [level](block& b) {
    auto const room = b.in.size() + b.in.size() / 100 + 600;  // enough, says bzip2's manual
    b.out.reserve(room);
    auto size = static_cast<unsigned>(room);
    if (BZ2_bzBuffToBuffCompress(b.out.data(), &size, b.in.data(), static_cast<unsigned>(b.in.size()), level, 0, 0) != BZ_OK)
      throw std::bad_alloc{};  // the only thing that can go wrong
    b.out.resize(size);
  };
  auto const size = static_cast<std::size_t>(level) * 100'000 - 20;
  auto const write = [to, &passed](block const& b) { write_all(to, b.out.view()), passed.out += b.out.size(); };
  return mr::generate<block>(block_reader{from, size, &passed})  // in its turn, on the worker of "write"
       | mr::change<"compress">(compress, mr::stateless)         // whichever worker has time takes the next block
       | mr::tap<"write">(write);                                // in order
}
// [/compress]

}  // namespace pbz
