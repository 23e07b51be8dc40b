// SPDX-License-Identifier: MIT
// Where the workers of a crew run: what the user asks for, and what that comes to on a given machine.
#pragma once
#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include <millrace/base/config.hpp>
#include <millrace/base/errors.hpp>
#include <millrace/base/message.hpp>
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
[[nodiscard]] MILLRACE_COLD inline auto text(std::vector<processor> const& all) -> std::string {
  std::string s;
  auto const at_least = [&](int cpu) {  // the lowest number from here on; -1: none
    int lowest = -1;
    for (auto const& p : all)
      if (p.cpu >= cpu && (lowest < 0 || p.cpu < lowest)) lowest = p.cpu;
    return lowest;
  };
  for (int first = at_least(0); first >= 0;) {
    int last = first;
    while (at_least(last + 1) == last + 1) ++last;
    char range[32];
    std::snprintf(range, sizeof range, first == last ? "%s%d" : "%s%d-%d", s.empty() ? "" : ", ", first, last);
    s += range;
    first = at_least(last + 1);
  }
  return s.empty() ? "none" : s;
}

[[nodiscard]] inline auto any_of(std::vector<processor> const& all, int cpu) noexcept -> bool {
  for (auto const& p : all)
    if (p.cpu == cpu) return true;
  return false;
}

/// The processor of each of `workers` workers, or `unpinned`.
///
/// Processors given are used in the order given, and again from the start when there are more workers: to stay on them is what
/// was asked for. Chosen ones are used once. Workers beyond them are not pinned: they share processors whatever we do, and
/// the system can put them where a pinned worker happens to sleep, while a second one pinned to the same processor would wait
/// behind the first beside idle neighbours.
///
/// Throws     bad_place if a processor given is not among `all`; std::bad_alloc.
[[nodiscard]] MILLRACE_COLD inline auto choose_cpus(std::vector<processor> const& all, std::size_t workers, place_options const& options)
    -> std::vector<int> {
  for (int const cpu : options.cpus)
    if (!any_of(all, cpu)) throw bad_place{message{"processor ", cpu, " is not among those that may be used here: ", std::string_view{text(all)}}.text()};
  std::vector<int> cpus;
  if (options.pin && options.cpus.empty()) cpus = near_each_other(all, workers);
  if (options.pin && !options.cpus.empty())
    for (std::size_t i = 0; i < workers; ++i) cpus.push_back(options.cpus[i % options.cpus.size()]);
  cpus.resize(workers, unpinned);
  return cpus;
}

/// The same on a machine.
[[nodiscard]] inline auto choose_cpus(topology const& machine, std::size_t workers, place_options const& options)
    -> std::vector<int> {
  return choose_cpus(machine.processors(), workers, options);
}

}  // namespace millrace
