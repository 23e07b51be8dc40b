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
#include "verbose.hpp"

namespace pbz {

void compress(file_pair const& files, options const& o, progress_line const& shown, remarks const& say) {
  traffic passed;
  run(compressing(files.from(), files.to(), o.block_level(), passed), o.workers, shown);
  say.compressed(passed.in, passed.out);
}
void decompress(file_pair const& files, options const& o, progress_line const& shown, remarks const& say) {
  stream_decoder in_order{{.small = o.small, .pass_on_what_is_none = o.force && o.does != mode::test}};
  run(decompressing(files.from(), files.to(), in_order, o.small), o.workers, shown);
  in_order.end();
  if (in_order.garbage()) say.garbage();
  say.done();
}

/// The exit status.
auto work_on(std::string const& name, options const& o, std::size_t longest_name) -> int {
  try {
    file_pair files{name, o};
    remarks const say{files.from_name, o, longest_name};
    try {
      progress_line const shown{files.from_name, files.from(), o.quiet || o.verbose};
      if (o.does == mode::compress) compress(files, o, shown, say);
      else decompress(files, o, shown, say);
      files.keep(o.keep);
      return 0;
    } catch (bad_input const& problem) {
      say.bad(problem.kind, files.to_name);
      return 2;
    } catch (std::system_error const& problem) {
      std::fprintf(stderr, "pbz: I/O error: %s. Input file = %s, output file = %s\n", problem.what(), files.from_name.c_str(), files.to_name.c_str());
      return 1;
    }
  } catch (bad_file const& problem) {
    if (problem.matters || !o.quiet) std::fprintf(stderr, "pbz: %s\n", problem.what());
    return 1;
  }
}

auto run_all(options const& o) -> int {
  if (o.help) return std::fputs(usage, stderr), 0;
  if (o.version) return std::fprintf(stderr, "pbz, a block-sorting file compressor; libbz2 %s\n", BZ2_bzlibVersion()), 0;
  std::size_t longest = 7;
  for (auto const& name : o.files) longest = std::max(longest, name.size());
  if (o.files.empty()) return work_on("-", o, longest);
  int worst = 0;
  for (auto const& name : o.files) worst = std::max(worst, work_on(name, o, longest));
  return worst;
}

}  // namespace pbz

int main(int argc, char** argv) try {
  return pbz::run_all(pbz::command_line::parse(argc > 0 ? argv[0] : "pbz", {argv + (argc > 0 ? 1 : 0), argv + argc}));
} catch (std::invalid_argument const& wrong) {
  std::fprintf(stderr, "pbz: %s\n%s", wrong.what(), pbz::usage);
  return 1;
} catch (std::exception const& problem) {
  std::fprintf(stderr, "pbz: %s\n", problem.what());
  return 1;
}
