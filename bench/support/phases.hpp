// SPDX-License-Identifier: MIT
// One run that goes through several phases, each of which is a job of its own in the tables: who is asked for a job runs, unless the last run
// has not been asked for it yet. And the best plan of a phase: the one that does most in it, and of those that do as much the one that
// takes the least processor time.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "support/problem.hpp"

namespace bench {

/// An entry for each of `jobs`, of which each has a result in what `run` returns. Jobs stand in a table in the order of their numbers, so
/// their names begin with them.
inline auto phases(entry const& like, std::vector<std::string> const& jobs, std::function<std::vector<measured>(load const&)> run) -> std::vector<entry> {
  struct results {
    std::vector<measured> found;
    std::vector<bool> told;
  };
  auto const last = std::make_shared<results>();
  last->told.assign(jobs.size(), true);
  std::vector<entry> all;
  for (std::size_t k = 0; k < jobs.size(); ++k) {
    auto e = like;
    e.job = std::to_string(k + 1) + " " + jobs[k];
    e.run = [k, last, run](load const& l) {
      if (last->told[k]) last->found = run(l), last->told.assign(last->told.size(), false);
      last->told[k] = true;
      return last->found.at(k);
    };
    all.push_back(std::move(e));
  }
  return all;
}

/// The two contenders of such a topology: who finds its plan by itself, and, as the limit, the best plan of each phase.
inline auto scheduled_and_best(topology const& where, std::vector<std::string> const& jobs, std::function<std::vector<measured>(load const&)> scheduled,
                               std::function<std::vector<measured>(load const&)> best) -> std::vector<entry> {
  auto all = phases({.where = &where, .job = {}, .contender = "millrace", .variant = "schedule()", .run = {}}, jobs, std::move(scheduled));
  for (auto& e : phases({.where = &where, .job = {}, .contender = "millrace", .variant = "the best plan of each phase", .run = {}, .part = role::limit}, jobs, std::move(best)))
    all.push_back(std::move(e));
  return all;
}

/// What was done in a while, and what it took.
struct done_in_a_phase {
  double events = 0, cpu = 0, wall = 0;
  auto operator+=(done_in_a_phase const& other) -> done_in_a_phase& {
    events += other.events, cpu += other.cpu, wall += other.wall;
    return *this;
  }
};

/// Which of so many candidates: `try_it(k)` is asked for each, `times` over, in turns.
template <typename Try>
auto best_of_all(std::size_t candidates, int times, Try try_it) -> std::size_t {
  std::vector<done_in_a_phase> found(candidates);
  for (int n = 0; n < times; ++n)
    for (std::size_t k = 0; k < candidates; ++k) found[k] += try_it(k);
  auto const rate = [](done_in_a_phase const& d) { return d.events / d.wall; };
  double most = 0;
  for (auto const& d : found) most = rate(d) > most ? rate(d) : most;
  std::size_t best = candidates;
  for (std::size_t k = 0; k < candidates; ++k)
    if (rate(found[k]) >= 0.99 * most && (best == candidates || found[k].cpu / found[k].wall < found[best].cpu / found[best].wall)) best = k;
  return best;
}

}  // namespace bench
