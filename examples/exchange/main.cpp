// SPDX-License-Identifier: MIT
// An exchange: orders are journalled and replicated, matched in books by symbol, and become positions by account, in one pipeline.
#include <cstdio>
#include <exception>
#include <stdexcept>

#include "options.hpp"
#include "run.hpp"

namespace exchange {

auto run(options const& o) -> int {
  if (o.help) return std::fputs(usage, stdout), 0;
  if (!o.write.empty()) return write_flow(o), 0;
  if (!o.replica && o.replay.empty() && !o.by_hand) return run_exchange(o);
  tape published{o.trades};
  if (o.replica) run_replica(o.port, published);
  else if (o.by_hand) run_by_hand(o.file, o.first, published);
  else replay(o.replay, published);
  return 0;
}

}  // namespace exchange

int main(int argc, char** argv) try {
  return exchange::run(exchange::parse_options({argv + 1, argv + argc}));
} catch (std::invalid_argument const& wrong) {
  std::fprintf(stderr, "exchange: %s\n%s", wrong.what(), exchange::usage);
  return 2;
} catch (std::exception const& problem) {
  std::fprintf(stderr, "exchange: %s\n", problem.what());
  return 1;
}
