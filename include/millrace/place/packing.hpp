// SPDX-License-Identifier: MIT
// Which processors to use when not all are needed, and in which order, so that consecutive ones are near each other.
#pragma once
#include <cstddef>
#include <vector>

#include <millrace/base/config.hpp>
#include <millrace/place/processor.hpp>

namespace millrace {

/// A range of processors, neighbours beside each other.
struct neighbours {
  processor const* const* first;
  processor const* const* last;
  [[nodiscard]] auto size() const noexcept -> std::size_t { return static_cast<std::size_t>(last - first); }
};

/// Appends `wanted` of the processors in `from`, which have all that is outside of `depth` in common. The smallest part that
/// has room for all is used, so that no boundary is crossed that need not be; if there is none the largest is filled first.
MILLRACE_COLD inline void pack(neighbours from, std::size_t depth, std::size_t wanted, std::vector<int>& out) {
  if (from.size() == 1) {
    out.push_back((*from.first)->cpu);
    return;
  }
  auto const apart = [depth](processor const* a, processor const* b) {
    return depth >= a->within.size() || depth >= b->within.size() || a->within[depth] != b->within[depth];
  };
  std::vector<neighbours> parts;
  for (auto at = from.first; at != from.last;) {
    auto end = at + 1;
    while (end != from.last && !apart(*at, *end)) ++end;
    parts.push_back({at, end});
    at = end;
  }
  while (wanted != 0) {
    auto const better = [wanted](neighbours const& a, neighbours const& b) {
      bool const a_fits = a.size() >= wanted, b_fits = b.size() >= wanted;
      if (a_fits != b_fits) return a_fits;
      return a_fits ? a.size() < b.size() : a.size() > b.size();
    };
    std::size_t best = 0;
    for (std::size_t i = 1; i < parts.size(); ++i)
      if (better(parts[i], parts[best])) best = i;
    auto const taken = wanted < parts[best].size() ? wanted : parts[best].size();
    pack(parts[best], depth + 1, taken, out);
    wanted -= taken;
    parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(best));
  }
}

/// In which round a processor's turn is.
[[nodiscard]] inline auto earlier(processor const& a, processor const& b) noexcept -> bool {
  return a.sibling != b.sibling ? a.sibling < b.sibling : a.speed > b.speed;
}

/// At most `wanted` of the processors, each once. One of each core comes first, fast cores before slow ones; second siblings
/// come after the first of the whole machine, because they add a quarter of a core where a core of its own adds one, be it far.
/// Within these rounds they are packed, so a node is used up before the next.
///
/// Costs      linear in the processors times the depth of the machine.
/// Throws     std::bad_alloc.
[[nodiscard]] MILLRACE_COLD inline auto near_each_other(std::vector<processor> const& all, std::size_t wanted) -> std::vector<int> {
  std::vector<int> chosen;
  std::vector<processor const*> candidates;
  processor const* before = nullptr;  // of the last round
  while (chosen.size() < wanted) {
    processor const* next = nullptr;  // of the next one
    for (auto const& p : all)
      if ((before == nullptr || earlier(*before, p)) && (next == nullptr || earlier(p, *next))) next = &p;
    if (next == nullptr) break;
    candidates.clear();
    for (auto const& p : all)
      if (!earlier(p, *next) && !earlier(*next, p)) candidates.push_back(&p);
    auto const room = wanted - chosen.size();
    pack({candidates.data(), candidates.data() + candidates.size()}, 0, room < candidates.size() ? room : candidates.size(), chosen);
    before = next;
  }
  return chosen;
}

}  // namespace millrace
