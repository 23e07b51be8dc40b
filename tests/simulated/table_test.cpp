// SPDX-License-Identifier: MIT
// The table as an expectation: a seed that was fresh when the rules were first made, see README.md. A change that makes the scheduler worse has to say so here.
#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>

#include "simulated/table.hpp"
#include "support/catch.hpp"

using namespace simulated;

TEST_CASE("regret against the oracle, as it is checked in") {
  std::ifstream file{MILLRACE_EXPECTED_TABLE};
  REQUIRE(file);
  std::uint64_t seed = 0;
  std::size_t cases = 0;
  std::string word;
  std::getline(file, word);  // the licence
  file >> word >> seed >> word >> cases;
  auto const t = tabulate(seed, cases);
  CHECK(t.all.regret / t.all.cases <= 0.01);
  std::string line;
  std::size_t found = 0;
  while (std::getline(file, line)) {
    if (line.rfind("all", 0) == 0) {
      double count = 0, regret = 0, worst = 0, above = 0;
      char percent = 0;
      std::istringstream{line.substr(13)} >> count >> regret >> percent >> worst >> percent >> above;
      CHECK(t.all.above <= above + 1);
      CHECK(100 * t.all.worst <= worst + 5);
    }
    for (std::size_t k = 0; k < kinds.size(); ++k) {
      if (line.rfind(kinds[k], 0) != 0 || t.rows[k].cases == 0) continue;
      ++found;
      double count = 0, regret = 0;
      char percent = 0;
      std::istringstream{line.substr(13)} >> count >> regret >> percent;
      INFO(kinds[k] << ": expected " << regret << " %, now " << 100 * t.rows[k].regret / t.rows[k].cases << " %");
      CHECK(t.rows[k].cases == count);
      CHECK(100 * t.rows[k].regret / t.rows[k].cases <= regret + 1);
    }
  }
  CHECK(found == std::min(cases, kinds.size()));
  // Visits: 56 changes a minute with CV 0 where they are taken for what stages take.
  CHECK(t.visited[0].per_minute <= 10 * t.visited[0].cases);
  for (auto const& r : t.visited) CHECK(r.regret <= 0.02 * r.cases);
  for (auto const& r : t.uneven) {
    CHECK(r.per_minute <= 6 * r.cases);
    CHECK(r.regret <= 0.02 * r.cases);
  }
}
