// SPDX-License-Identifier: MIT
// The phases with a runner that finds its plan by itself, and with the best of the plans that split the chain once, either way round,
// applied as each phase begins. Those have been tried before, under the same pressure.
#include <millrace/run/schedule.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "pressed/problem.hpp"
#include "support/burn.hpp"
#include "support/millrace.hpp"
#include "support/others.hpp"
#include "support/phases.hpp"
#include "support/stage_name.hpp"

namespace bench::pressed {
namespace {

constexpr char const* name = "pressed, millrace";

enum class pressure { none, hog, taken };
struct phase {
  char const* name;
  pressure by;
};
std::vector<phase> const all_phases{{"both processors", pressure::none}, {"a hog on the second", pressure::hog}, {"the hog has gone", pressure::none},
                                    {"the second is taken away", pressure::taken}, {"it is given back", pressure::none}};

template <typename F>
auto under(pressure p, F f) {
  std::optional<hog> pest;
  std::optional<taken_away> gone;
  if (p == pressure::hog) pest.emplace(1);
  if (p == pressure::taken) gone.emplace(1);
  return f();
}

/// The first `first` of source and stages are worker `who`'s, the others the other one's.
auto split(std::size_t first, std::size_t who) -> mr::plan {
  mr::plan p{2, stages + 1};
  for (std::size_t s = 0; s < stages + 1; ++s) p.give(s < first ? who : 1 - who, s, 1);
  return p;
}
auto candidates() -> std::vector<mr::plan> {
  std::vector<mr::plan> all{split(stages + 1, 0)};
  for (std::size_t first = 8; first <= 34; first += 2) all.push_back(split(first, 0)), all.push_back(split(first, 1));
  return all;
}

template <std::size_t K>
auto stage() {
  return [links = links_for(cost_ns(K))](std::uint64_t x) { return static_cast<void>(opaque(burn(links, x))), x + 1; };
}
template <std::size_t K, typename Sentence>
auto and_stages(Sentence&& so_far) {
  if constexpr (K == stages - 1) return std::forward<Sentence>(so_far);
  else return and_stages<K + 1>(std::forward<Sentence>(so_far) | mr::map<stage_name<K>>(stage<K>()));
}

/// `body(run, watch)`: `watch(seconds)` says what was done in that time. Each event has to come once and in order.
template <typename Body>
void with_pipeline(Body body) {
  std::atomic<bool> enough{false};
  std::uint64_t made = 0, next = 0, wrong = 0;
  auto const source = [&]() -> std::optional<std::uint64_t> {
    if ((made & 255) == 255 && enough.load(std::memory_order::relaxed)) return {};  // a hint, orders nothing
    return made++;
  };
  auto crew = two_workers(0);
  mr::runner run{and_stages<0>(mr::generate(source)) | mr::tap<"last">([w = stage<stages - 1>(), &next, &wrong](std::uint64_t x) { wrong += w(x) != stages + next++; }), crew};
  body(run, [&](double seconds) -> done_in_a_phase {
    auto const before = mr::snapshot(run).stages.back().events;
    stopwatch watch;
    watch.start();
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
    watch.stop();
    return {static_cast<double>(mr::snapshot(run).stages.back().events - before), watch.cpu(), watch.wall()};
  });
  enough.store(true, std::memory_order::relaxed);  // a hint, orders nothing
  expect(name, run.finish().ok(), "the pipeline did not end well");
  expect_equal(name, next, made);
  expect_equal(name, wrong, std::uint64_t{0});
}

/// `before(run, phase)` may apply a plan; `changed(since)` says how many ms later the plan has changed by itself.
template <typename Before, typename Changed>
auto go_through(load const& l, Before before, Changed changed) -> std::vector<measured> {
  std::vector<measured> all;
  with_pipeline([&](auto& run, auto const& watch) {
    for (auto const& p : all_phases)
      under(p.by, [&] {
        auto const from = seconds();
        before(run, p);
        auto sum = watch(static_cast<double>(l.events) * 0.5e-3);
        auto const last = watch(static_cast<double>(l.events) * 0.5e-3);
        sum += last;
        all.push_back({.values = {sum.events / sum.wall * 1e-3, last.events / last.wall * 1e-3, changed(from)}, .cpu_ns_per_event = sum.cpu * 1e9 / (sum.events + 1)});
      });
  });
  return all;
}

auto scheduled(load const& l) -> std::vector<measured> {
  std::shared_ptr<mr::scheduler const> scheduler;
  auto const all = go_through(
      l, [&](auto& run, phase const&) { if (scheduler == nullptr) scheduler = mr::schedule(run); },
      [&](double since) {
        for (auto const& d : scheduler->decisions())
          if (d.at > since) return (d.at - since) * 1e3;
        return 0.0;
      });
  if (scheduler->error() != nullptr) std::rethrow_exception(scheduler->error());
  return all;
}

/// Under each pressure the best plan. Looked for once.
auto best_plan(pressure by, load const& l) -> mr::plan {
  static std::vector<std::pair<pressure, mr::plan>> known;
  for (auto const& [under_it, p] : known)
    if (under_it == by) return p;
  auto const plans = candidates();
  std::size_t best = 0;
  with_pipeline([&](auto& run, auto const& watch) {
    best = under(by, [&] {
      return best_of_all(plans.size(), l.smoke ? 1 : 2, [&](std::size_t k) {
        expect(name, run.apply(plans[k]) == mr::status::ok, "a plan was not taken");
        watch(static_cast<double>(l.events) * 0.01e-3);
        return watch(static_cast<double>(l.events) * 0.05e-3);
      });
    });
  });
  std::printf("pressed: the best plan %s gives the first worker %zu of 41 stages\n", by == pressure::none ? "undisturbed" : by == pressure::hog ? "beside a hog" : "on one processor",
              [&] { std::size_t n = 0; for (std::size_t s = 0; s <= stages; ++s) n += plans[best].lanes(0, s) != 0; return n; }());
  return known.emplace_back(by, plans[best]).second;
}

auto by_hand(load const& l) -> std::vector<measured> {
  for (auto const& p : all_phases) static_cast<void>(best_plan(p.by, l));
  return go_through(
      l, [&](auto& run, phase const& p) { expect(name, run.apply(best_plan(p.by, l)) == mr::status::ok, "a plan was not taken"); }, [](double) { return 0.0; });
}

auto jobs() -> std::vector<std::string> {
  std::vector<std::string> all;
  for (auto const& p : all_phases) all.emplace_back(p.name);
  return all;
}

enter const entered{scheduled_and_best(topic, jobs(), scheduled, by_hand)};

}  // namespace
}  // namespace bench::pressed
