// SPDX-License-Identifier: MIT
// What is said about a file while it is worked on: with -v, with -t, without -q. The words are bzip2's, for programs that look for them.
#pragma once
#include <cstdio>
#include <string>

#include "options.hpp"
#include "streams.hpp"

namespace pbz {

class remarks {
 public:
  /// With -v begins a line, in which names take the same room.
  remarks(std::string const& name, options const& o, std::size_t longest_name) : name_{name}, o_{o} {
    if (o_.verbose) std::fprintf(stderr, "  %s: %*s", name.c_str(), static_cast<int>(longest_name < name.size() ? 0 : longest_name - name.size()), "");
  }
  void compressed(unsigned long long in, unsigned long long out) const {
    if (!o_.verbose) return;
    if (in == 0) return static_cast<void>(std::fputs(" no data compressed.\n", stderr));
    auto const before = static_cast<double>(in), after = static_cast<double>(out);
    std::fprintf(stderr, "%6.3f:1, %6.3f bits/byte, %5.2f%% saved, %llu in, %llu out.\n", before / after, 8 * after / before, 100 * (1 - after / before), in, out);
  }
  void done() const {
    if (o_.verbose) std::fputs(o_.does == mode::test ? "ok\n" : "done\n", stderr);
  }
  void garbage() const {
    if (o_.quiet) return;
    if (o_.does == mode::test) begin();
    else std::fprintf(stderr, "%spbz: %s: ", o_.verbose ? "\n" : "", name_.c_str());
    std::fputs("trailing garbage after EOF ignored\n", stderr);
  }
  void bad(damage what, std::string const& output) const {
    if (o_.does == mode::test) {
      begin();
      std::fprintf(stderr, "%s\n", what == damage::no_bzip2 ? "bad magic number (file not created by bzip2)" : what == damage::ends ? "file ends unexpectedly" : "data integrity (CRC) error in data");
      return;
    }
    if (what == damage::no_bzip2) return static_cast<void>(o_.verbose ? std::fputs("not a bzip2 file.\n", stderr) : std::fprintf(stderr, "pbz: %s is not a bzip2 file.\n", name_.c_str()));
    if (o_.verbose) std::fputc('\n', stderr);
    if (what == damage::ends && o_.quiet) return;
    std::fputs(what == damage::ends ? "pbz: Compressed file ends unexpectedly.\n" : "pbz: Data integrity error when decompressing.\n", stderr);
    if (!o_.quiet) std::fprintf(stderr, "\tInput file = %s, output file = %s\n", name_.c_str(), output.c_str());
  }

 private:
  /// Of a line that -v has begun already.
  void begin() const {
    if (!o_.verbose) std::fprintf(stderr, "pbz: %s: ", name_.c_str());
  }

  std::string name_;
  options const& o_;
};

}  // namespace pbz
