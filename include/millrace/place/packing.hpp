// SPDX-License-Identifier: MIT
// Which processors to use when not all are needed, and in which order, so that consecutive ones are near each other.
#pragma once
#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

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
inline void pack(neighbours from, std::size_t depth, std::size_t wanted, std::vector<int>& out) {
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
    auto const best = std::min_element(parts.begin(), parts.end(), better);
    auto const taken = std::min(wanted, best->size());
    pack(*best, depth + 1, taken, out);
    wanted -= taken;
    parts.erase(best);
  }
}

/// At most `wanted` of the processors, each once. One of each core comes first, fast cores before slow ones; second siblings
/// come after the first of the whole machine, because they add a quarter of a core where a core of its own adds one, be it far.
/// Within these rounds they are packed, so a node is used up before the next.
///
/// Costs      linear in the processors times the depth of the machine.
/// Throws     std::bad_alloc.
[[nodiscard]] inline auto near_each_other(std::vector<processor> const& all, std::size_t wanted) -> std::vector<int> {
  auto const round = [](processor const* p) { return std::pair{p->sibling, -p->speed}; };
  std::vector<processor const*> order;
  for (auto const& p : all) order.push_back(&p);
  std::sort(order.begin(), order.end(), [&](auto* a, auto* b) { return std::pair{round(a), a} < std::pair{round(b), b}; });

  std::vector<int> chosen;
  auto const* const end = order.data() + order.size();
  for (auto const* first = static_cast<processor const* const*>(order.data()); first != end && chosen.size() < wanted;) {
    auto const* const last = std::find_if(first, end, [&](auto* p) { return round(p) != round(*first); });
    neighbours const candidates{first, last};
    pack(candidates, 0, std::min(wanted - chosen.size(), candidates.size()), chosen);
    first = last;
  }
  return chosen;
}

}  // namespace millrace
