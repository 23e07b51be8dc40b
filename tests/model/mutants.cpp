// SPDX-License-Identifier: MIT
// Does the explorer see anything? Every memory order of the library is weakened in turn, every barrier left out, every known
// mistake made: some scenario must fail. An order that nothing notices must stand in the list below, with the reason.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/explore.hpp"
#include "model/scenario.hpp"

namespace {

using namespace millrace::model;

struct excuse {
  std::string_view site, why;
};
std::vector<excuse> const excused{};  // at the moment none needs one

constexpr std::string_view defects[] = {
    "publish before write",   "advance without notify", "no second look",      "gate forgets the last",         "downstream does not wait",
    "many: publish before write", "many: a claim is forgotten", "many: dead slots asked too early", "lanes: sleeps before giving back",
    "reads too far",          "put without notify",     "close without alert", "reads what is published, not what is readable", "notify instead of alert",
    // while plans change
    "goes ashore without putting down", "goes ashore after the lock",   "hires after the lock",        "posts and alerts nobody",
    "adopts and forgets to pick up",    "sleeps with a lane in hand",   "does not wait for the lane",  "no third look",  "sleeps without a look at the plan",
    // guests, acknowledgements, readers
    "a guest begins where the gate stood before it came", "a guest begins by what others have released", "nobody is alerted when a guest begins",
    "acknowledge without notify", "ask without a second look",
    "a visitor who looks without a halt",
    "replies: who came too late goes on waiting",
};
constexpr int enough = 3;  // killers

struct verdict {
  std::string killers;  // with the schedules that each needed
  int count = 0;
};

/// Shortest first: they find the same for less.
auto by_length(std::string_view which) -> std::vector<scenario> {
  std::multimap<std::uint64_t, scenario> all;
  for (auto const& s : scenarios())
    if (s.is_meant_by(which)) all.emplace(explore(s.run, {.schedules = 50, .under = {}}).steps, s);
  std::vector<scenario> sorted;
  for (auto const& [steps, s] : all) sorted.push_back(s);
  return sorted;
}

auto hunt(std::vector<scenario> const& in, conditions const& under, std::uint64_t budget) -> verdict {
  verdict v;
  for (auto const& s : in) {
    auto const found = explore(s.run, {.schedules = budget, .seed = 7, .under = under, .expects_failure = true});
    if (found.failure.empty()) continue;
    v.killers += (v.killers.empty() ? "" : ", ") + std::string{s.name} + " " + std::to_string(found.schedules);
    if (++v.count == enough) break;
  }
  return v;
}
/// Most die early; all schedules are for those that do not.
auto hunt_twice(std::vector<scenario> const& in, conditions const& under, std::uint64_t budget) -> verdict {
  auto v = hunt(in, under, budget / 8);
  return v.count != 0 ? v : hunt(in, under, budget);
}

}  // namespace

int main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  std::uint64_t const budget = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 2'000;
  auto const in = by_length(argc > 2 ? argv[2] : "all");
  // A part of the mutations, "1/3" of three, so that several processes can look for them at once.
  std::string_view const share = argc > 3 ? argv[3] : "0/1";
  auto const part = share[0] - '0', parts = share[2] - '0';
  int wrong = 0, killed = 0, all = 0, turn = 0;
  auto const of_others = [&] { return turn++ % parts != part; };

  // Which sites do the scenarios reach at all? And nothing may fail that is not weakened.
  if (auto const v = hunt(in, {}, budget / 8); !v.killers.empty()) {
    std::printf("fails without a mutation: %s\n", v.killers.c_str());
    return 1;
  }
  std::array<bool, most_sites> used{};
  for (std::size_t s = 0; s < most_sites; ++s) used[s] = world.reached(s) != 0;

  for (std::size_t s = 0; s < most_sites; ++s) {
    if (site_names[s].empty() || of_others()) continue;
    ++all;
    std::string_view why;
    for (auto const& e : excused)
      if (e.site == site_names[s]) why = e.why;
    conditions under;
    under.weakened[s] = true;
    under.most_steps = 10'000;
    auto const v = hunt_twice(in, under, budget);
    auto const dies = !v.killers.empty();
    killed += dies;
    bool const as_it_should = used[s] && dies == why.empty();
    wrong += !as_it_should;
    std::printf("%-4s %-20.*s %s%.*s\n", as_it_should ? "ok" : "BAD", static_cast<int>(site_names[s].size()), site_names[s].data(),
                dies            ? ("killed by " + v.killers).c_str()
                : !used[s]      ? "no scenario reaches it"
                : why.empty()   ? "SURVIVES"
                                : "survives: ",
                dies ? 0 : static_cast<int>(why.size()), why.data());
  }
  for (auto const d : defects) {
    if (of_others()) continue;
    ++all;
    conditions under;
    under.defect = d;
    under.most_steps = 10'000;
    auto const v = hunt_twice(in, under, budget);
    killed += !v.killers.empty();
    wrong += v.killers.empty();
    std::printf("%-4s '%.*s' %s\n", v.killers.empty() ? "BAD" : "ok", static_cast<int>(d.size()), d.data(),
                v.killers.empty() ? "SURVIVES" : ("killed by " + v.killers).c_str());
  }
  std::printf("%d of %d mutants killed, %zu excused, %d not as expected\n", killed, all, std::size(excused), wrong);
  return wrong == 0 ? 0 : 1;
}
