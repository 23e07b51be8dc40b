// SPDX-License-Identifier: MIT
// Where the workers of a crew run: what the user asks for, and what that comes to on a given machine.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include <millrace/base/errors.hpp>
#include <millrace/place/packing.hpp>
#include <millrace/place/topology.hpp>

namespace millrace {

struct place_options {
  std::vector<int> cpus{};  ///< the processors to use, by the system's numbers, worker by worker; empty: chosen near each other
  bool pin = true;          ///< false: the system places the workers and may move them; `cpus` is then checked but not used
  bool bind_memory = true;  ///< the memory of rings comes from the NUMA nodes of the workers that use it
};

/// In place of a processor: the system decides.
inline constexpr int unpinned = -1;

/// The numbers of the processors, for people: "0-3, 8".
[[nodiscard]] inline auto text(std::vector<processor> const& all) -> std::string {
  std::vector<int> cpus;
  for (auto const& p : all) cpus.push_back(p.cpu);
  std::sort(cpus.begin(), cpus.end());
  std::string s;
  for (std::size_t i = 0; i < cpus.size(); ++i) {
    auto const first = i;
    while (i + 1 < cpus.size() && cpus[i + 1] == cpus[i] + 1) ++i;
    s += (s.empty() ? "" : ", ") + std::to_string(cpus[first]);
    if (i != first) s.append("-").append(std::to_string(cpus[i]));  // not by +: gcc 12 then warns of an overlap that cannot be
  }
  return s.empty() ? "none" : s;
}

/// The processor of each of `workers` workers, or `unpinned`.
///
/// Processors given are used in the order given, and again from the start when there are more workers: to stay on them is what
/// was asked for. Chosen ones are used once. Workers beyond them are not pinned: they share processors whatever we do, and
/// the system can put them where a pinned worker happens to sleep, while a second one pinned to the same processor would wait
/// behind the first beside idle neighbours.
///
/// Throws     bad_place if a processor given is not among `all`; std::bad_alloc.
[[nodiscard]] inline auto choose_cpus(std::vector<processor> const& all, std::size_t workers, place_options const& options) -> std::vector<int> {
  for (int const cpu : options.cpus)
    if (std::find_if(all.begin(), all.end(), [cpu](auto const& p) { return p.cpu == cpu; }) == all.end())
      throw bad_place{"millrace: processor " + std::to_string(cpu) + " is not among those that may be used here: " + text(all)};
  std::vector<int> cpus;
  if (options.pin && options.cpus.empty()) cpus = near_each_other(all, workers);
  if (options.pin && !options.cpus.empty())
    for (std::size_t i = 0; i < workers; ++i) cpus.push_back(options.cpus[i % options.cpus.size()]);
  cpus.resize(workers, unpinned);
  return cpus;
}

/// The same on a machine.
[[nodiscard]] inline auto choose_cpus(topology const& machine, std::size_t workers, place_options const& options) -> std::vector<int> {
  return choose_cpus(machine.processors(), workers, options);
}

}  // namespace millrace
