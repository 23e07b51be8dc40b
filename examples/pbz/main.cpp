// SPDX-License-Identifier: MIT
// bzip2 on several processors: the same files, the same options, the same exit status (1: files, 2: what was to be decompressed is no
// bzip2 file or damaged).
#include <algorithm>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <system_error>

#include "compress.hpp"
#include "decompress.hpp"
#include "files.hpp"
#include "options.hpp"
#include "progress.hpp"
#include "run.hpp"

namespace pbz {

void decompress(file_pair const& files, std::size_t workers, progress_line const& shown) {
  stream_decoder in_order;
  run(decompressing(files.from(), files.to(), in_order), workers, shown);
  in_order.end();
  if (in_order.garbage()) std::fprintf(stderr, "pbz: %s: trailing garbage after EOF ignored\n", files.from_name.c_str());
}

/// The exit status.
auto work_on(std::string const& name, options const& o) -> int {
  try {
    file_pair files{name, o};
    try {
      progress_line const shown{files.from_name, files.from()};
      if (o.decompress) decompress(files, o.workers, shown);
      else run(compressing(files.from(), files.to(), o.level), o.workers, shown);
      files.keep(o.keep);
      return 0;
    } catch (bad_input const& problem) {
      std::fprintf(stderr, "pbz: %s %s\n", files.from_name.c_str(), problem.what());
      return 2;
    } catch (std::system_error const& problem) {
      std::fprintf(stderr, "pbz: I/O error: %s. Input file = %s, output file = %s\n", problem.what(), files.from_name.c_str(), files.to_name.c_str());
      return 1;
    }
  } catch (bad_file const& problem) {
    std::fprintf(stderr, "pbz: %s\n", problem.what());
    return 1;
  }
}

auto run_all(options const& o) -> int {
  if (o.help) return std::fputs(usage, stdout), 0;
  if (o.files.empty()) return work_on("-", o);
  int worst = 0;
  for (auto const& name : o.files) worst = std::max(worst, work_on(name, o));
  return worst;
}

}  // namespace pbz

int main(int argc, char** argv) try {
  return pbz::run_all(pbz::parse({argv + 1, argv + argc}));
} catch (std::invalid_argument const& wrong) {
  std::fprintf(stderr, "pbz: %s\n%s", wrong.what(), pbz::usage);
  return 1;
} catch (std::exception const& problem) {
  std::fprintf(stderr, "pbz: %s\n", problem.what());
  return 1;
}
