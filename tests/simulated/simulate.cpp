// SPDX-License-Identifier: MIT
// The controller against the oracle on scenarios drawn from a seed.
//   millrace_simulate [--seed S] [--cases N] [--only NUMBER] [--visited NUMBER] [--uneven NUMBER]   the table; or the changes of one scenario
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "simulated/table.hpp"

namespace {

void show(std::uint64_t seed, simulated::scenario const& sc) {
  using namespace simulated;
  auto const best = run_oracle(sc, seed);
  auto const mine = run_controller(sc, seed);
  std::printf("%s, cv %.0f\n", sc.name.c_str(), sc.cv);
  for (std::size_t i = 0; i < sc.start.stages.size(); ++i)
    std::printf("  stage %2zu %10.0f ns, dealt %u, passes %.2f\n", i, sc.start.stages[i].work, static_cast<unsigned>(sc.start.stages[i].dealt), sc.start.stages[i].selectivity);
  for (auto const& c : mine.changes)
    std::printf("%8.3f s  %3zu -> %3zu workers  %-13s load %.5f full %.2f carries %.5f -> %.5f bar %.3f gain %.3f\n", c.at, employed(c.what.from), employed(c.what.to), text(c.what.why), c.what.load, c.what.utilisation,
                c.what.carries_now, c.what.carries_then, c.what.least_gain, c.what.gain);
  auto const s = compare(sc, mine, best);
  std::printf("regret %.2f %%  cores %.2f  settled %.3f s  late changes %.1f a minute  rolled back %.0f\n", 100 * s.regret, s.cores, s.settled, s.per_minute, s.rollbacks);
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t seed = 1;
  std::size_t cases = 17 * 17;
  long only = -1, visited = -1, uneven = -1;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::strcmp(argv[i], "--seed") == 0) seed = std::strtoull(argv[i + 1], nullptr, 10);
    if (std::strcmp(argv[i], "--cases") == 0) cases = std::strtoull(argv[i + 1], nullptr, 10);
    if (std::strcmp(argv[i], "--visited") == 0) visited = std::strtol(argv[i + 1], nullptr, 10);
    if (std::strcmp(argv[i], "--uneven") == 0) uneven = std::strtol(argv[i + 1], nullptr, 10);
    if (std::strcmp(argv[i], "--only") == 0) only = std::strtol(argv[i + 1], nullptr, 10);
  }
  if (only >= 0) show(seed, simulated::draw(seed, static_cast<std::size_t>(only)));
  else if (visited >= 0) show(seed, simulated::draw_visited(seed, static_cast<std::size_t>(visited)));
  else if (uneven >= 0) show(seed, simulated::draw_uneven(seed, static_cast<std::size_t>(uneven)));
  else simulated::print(simulated::tabulate(seed, cases, stderr));
}
