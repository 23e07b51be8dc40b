// SPDX-License-Identifier: MIT
// Records go to a file in batches: one write for all that has come, and one flush when there is nothing more just now. Returns 0
// if the file holds every record, in order.
#include <cstdint>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <utility>

#include <unistd.h>

#include <millrace.hpp>
namespace mr = millrace;

struct record {
  std::uint64_t number, value;
};
struct closing {
  void operator()(std::FILE* f) const { std::fclose(f); }
};
using file = std::unique_ptr<std::FILE, closing>;

// [to_file]
struct writer {  // move-only is enough: a handler lives in the pipeline
  file to;
  void operator()(mr::batch<record const> const batch) {
    auto const* const all = batch.data();  // they lie side by side, as no filter stands before
    if (std::fwrite(all, sizeof(record), batch.size(), to.get()) != batch.size()) throw std::runtime_error{"cannot write"};
  }
  void on_idle() { std::fflush(to.get()); }   // nothing has come for a while
  void on_stop() { std::fflush(to.get()); }
};

int main() {
  file const log{std::tmpfile()};
  if (log == nullptr) return 1;
  mr::runner run{mr::from<record>() | mr::tap<"write">(writer{file{fdopen(dup(fileno(log.get())), "wb")}}, mr::in_batches)};
  auto in = run.input();
  for (std::uint64_t i = 0; i < 1'000'000; i += 100)
    if (in.publish(100, [&](record& r, std::size_t k) { r = {i + k, 3 * (i + k)}; }) != mr::status::ok) break;
  run.finish().rethrow();
  // [/to_file]

  std::rewind(log.get());
  std::uint64_t n = 0;
  for (record r; std::fread(&r, sizeof r, 1, log.get()) == 1; ++n)
    if (r.number != n || r.value != 3 * n) return 1;
  std::printf("%llu records in the file\n", static_cast<unsigned long long>(n));
  return n == 1'000'000 ? 0 : 1;
}
