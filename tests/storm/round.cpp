// SPDX-License-Identifier: MIT
// What a round has in common for its subjects: the crew, and that all events are gone at its end.
#include "storm/round.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "storm/dice.hpp"
#include "storm/draw.hpp"
#include "storm/play.hpp"

namespace storm {

auto run_round(std::uint64_t seed, limits const& l, watchdog& dog, totals& t) -> std::string {
  auto const shapes = all_shapes();
  dice d{seed};
  auto const workers = d.one_in(8) ? 1 : d.between(2, 4);
  bool const pinned = d.one_in(8), two = d.one_in(4);
  std::vector<drawn> what;
  for (int k = 0; k < (two ? 2 : 1); ++k) {
    std::size_t which = d.below(shapes.size());
    while ((!l.shape.empty() && l.shape != shapes[which].name) || (l.shape.empty() && shapes[which].least_workers > workers)) which = d.below(shapes.size());
    what.push_back(draw(d, which, shapes[which], l.events, l.pause_us));
  }
  std::size_t least = workers;
  for (auto const& w : what) least = std::max(least, shapes[w.which].least_workers);

  t.last.clear();
  for (auto const& w : what) t.last.append(w.text(shapes[w.which])).append(", workers ").append(std::to_string(least)).append(pinned ? ", pinned\n" : "\n");
  std::string wrong;
  {
    millrace::workers crew{{.max = least, .place = {.pin = pinned}}};
    std::vector<std::unique_ptr<play>> plays;
    std::vector<std::string> verdicts(what.size());
    std::vector<std::thread> others;
    for (auto const& w : what) plays.push_back(std::make_unique<play>(w, shapes[w.which], crew, dog));
    for (std::size_t k = 1; k < plays.size(); ++k) others.emplace_back([&, k] { verdicts[k] = plays[k]->run(); });
    verdicts[0] = plays[0]->run();
    for (auto& o : others) o.join();
    for (std::size_t k = 0; k < plays.size(); ++k) {
      plays[k]->count(t);
      if (!verdicts[k].empty()) wrong.append(verdicts[k]).append("\n");
    }
  }
  if (!wrong.empty()) wrong.append(t.last);
  if (wrong.empty() && parcel::alive() != 0) wrong = std::to_string(parcel::alive()).append(" events were never destroyed, or twice\n");
  return wrong;
}

}  // namespace storm
