// SPDX-License-Identifier: MIT
// Choosing processors.
#pragma once
#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include <millrace/base/errors.hpp>
#include <millrace/base/message.hpp>
#include <millrace/place/packing.hpp>

namespace millrace {

MILLRACE_COMPILED auto text(std::vector<processor> const& all) -> std::string {
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

MILLRACE_COMPILED auto choose_cpus(std::vector<processor> const& all, std::size_t crew_size, place_options const& options)
    -> std::vector<int> {
  for (int const cpu : options.cpus)
    if (!any_of(all, cpu)) throw bad_place{message{"processor ", cpu, " is not among those that may be used here: ", std::string_view{text(all)}}.text()};
  std::vector<int> cpus;
  if (options.pin && options.cpus.empty()) cpus = near_each_other(all, crew_size);
  if (options.pin && !options.cpus.empty())
    for (std::size_t i = 0; i < crew_size; ++i) cpus.push_back(options.cpus[i % options.cpus.size()]);
  cpus.resize(crew_size, unpinned);
  return cpus;
}

}  // namespace millrace
