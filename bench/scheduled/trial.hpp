// SPDX-License-Identifier: MIT
// A workload with a plan, or with the scheduler. The best plan is chosen in rounds of its own, before the ones in which it is compared.
#pragma once

#include <millrace/run/schedule.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "scheduled/candidates.hpp"
#include "scheduled/problem.hpp"
#include "support/check.hpp"
#include "support/millrace.hpp"
#include "support/table.hpp"

namespace bench::scheduled {

constexpr char const* name = "scheduled, millrace";

struct time_span {
  double warm, window;  // seconds
};
struct outcome {
  measured what;
  std::string plan;
  double early = 0, late = 0;  // changes of the plan: while it got warm, and in the window
  std::string why;
};

/// A thread that publishes so many events a millisecond, and sleeps in between; it asks for nothing twice.
template <typename Runner>
void produce(Runner& run, std::atomic<bool> const& enough, double per_ms) {
  auto in = run.input();
  auto due = std::chrono::steady_clock::now();
  std::uint64_t number = 0;
  for (double owed = 0; !enough.load(std::memory_order::relaxed);) {  // a hint, orders nothing
    std::this_thread::sleep_until(due += std::chrono::milliseconds{1});
    for (owed += per_ms; owed >= 1; owed -= 1) expect(name, in.publish([&](std::uint64_t& e) { e = number++; }) == mr::status::ok, "an event was not published");
    if (auto const now = std::chrono::steady_clock::now(); now > due) due = now;
  }
}

/// What a workload is: `make(enough, tally)` is its sentence, or `make(tally)` where a producer publishes; of `parts` numbers for each event of the source the last stage sees each `step`th.
template <typename Make>
struct workload {
  std::string job;
  Make make;
  std::vector<mr::grouping> plans;
  double per_ms = 0;  // of a producer; 0: the pipeline has its own source
  std::uint64_t parts = 1, step = 1;
};

template <typename Make>
inline constexpr bool has_producer = std::is_invocable_v<Make const&, tally&>;
template <typename Make>
auto sentence_of(Make const& make, std::atomic<bool> const& enough, tally& seen) {
  if constexpr (has_producer<Make>) return make(seen);
  else return make(enough, seen);
}

template <typename Make>
auto one_run(workload<Make> const& w, mr::grouping const& plan, bool scheduled, time_span t) -> outcome {
  std::atomic<bool> enough{false};
  tally seen;
  auto crew = two_workers(0);
  mr::runner run{sentence_of(w.make, enough, seen), crew, {.capacity = capacity, .plan = plan}};
  auto const scheduler = scheduled ? mr::schedule(run) : nullptr;
  std::thread producer;
  if constexpr (has_producer<Make>) producer = std::thread{[&] { produce(run, enough, w.per_ms); }};
  auto const changes = [&] { return scheduled ? scheduler->remembers().before.changes : 0; };
  auto const pass = [](double s) { std::this_thread::sleep_for(std::chrono::duration<double>{s}); };
  pass(t.warm);
  outcome o;
  o.early = changes();
  auto const before = mr::snapshot(run);
  auto const cpu = cpu_seconds();
  pass(t.window);
  auto const spent = cpu_seconds() - cpu;
  auto const during = mr::snapshot(run) - before;
  o.late = changes() - o.early;
  o.plan = said(run.current_plan());
  enough.store(true, std::memory_order::relaxed);  // a hint, orders nothing
  if (producer.joinable()) producer.join();
  auto const end = run.finish();
  expect(name, end.ok(), "the pipeline did not end well");
  expect(name, seen.in_order && seen.count == (static_cast<std::uint64_t>(end.published) * w.parts + w.step - 1) / w.step, "events are missing, or not in order");
  if (scheduled && scheduler->error() != nullptr) std::rethrow_exception(scheduler->error());
  if (scheduled) o.why = mr::scheduling::describe(scheduler->decisions());
  auto const done = static_cast<double>(during.events.done);
  o.what = {.values = {done / during.elapsed_ns * 1e3, o.early + o.late}, .cpu_ns_per_event = spent * 1e9 / std::max(done, 1.0)};
  return o;
}

/// The best of the plans: one look at each, two more at the best four. At a partial load many plans carry it all: of those the cheapest.
template <typename Make>
auto best_plan(workload<Make> const& w, bool smoke) -> mr::grouping {
  struct tried {
    mr::grouping plan;
    std::vector<double> worth{};
    std::string said{};
  };
  std::vector<tried> all;
  for (auto const& p : w.plans)
    if (!smoke || all.size() < 2) all.push_back({p});
  auto const look = [&](tried& one) {
    auto const o = one_run(w, one.plan, false, smoke ? time_span{0.002, 0.003} : time_span{0.15, 0.35});
    auto const rate = o.what.values[0];
    one.worth.push_back(w.per_ms > 0 && rate * 1e3 > 0.99 * w.per_ms ? 1e6 / o.what.cpu_ns_per_event : rate), one.said = o.plan;
  };
  auto const best_first = [&] { std::sort(all.begin(), all.end(), [](tried const& a, tried const& b) { return summarise(a.worth).median > summarise(b.worth).median; }); };
  for (auto& one : all) look(one);
  best_first();
  if (all.size() > 4) all.erase(all.begin() + 4, all.end());
  for (int round = 0; round < (smoke ? 0 : 2); ++round)
    for (auto& one : all) look(one);
  best_first();
  std::printf("%s: the best static plan of %zu is %s\n", w.job.c_str(), w.plans.size(), all.front().said.c_str());
  for (std::size_t k = 1; k < all.size(); ++k) std::printf("  %s is at %.3f of it\n", all[k].said.c_str(), summarise(all[k].worth).median / summarise(all.front().worth).median);
  return all.front().plan;
}

/// Both rows. A round has one run of each, one after the other.
template <typename Make>
auto entries(workload<Make> w) -> std::vector<entry> {
  auto const best = std::make_shared<std::optional<mr::grouping>>();
  auto const fixed = [w, best](load const& l) {
    if (!*best) *best = best_plan(w, l.smoke);
    return one_run(w, **best, false, l.smoke ? time_span{0.002, 0.01} : time_span{0.4, 0.8}).what;
  };
  auto const free = [w](load const& l) {
    auto const o = one_run(w, mr::fused, true, l.smoke ? time_span{0.01, 0.02} : time_span{2.5, 0.8});
    std::printf("%s: ended with %s after %.0f changes, %.0f of them after it was warm\n%s", w.job.c_str(), o.plan.c_str(), o.early + o.late, o.late, l.smoke ? "" : o.why.c_str());
    return o.what;
  };
  return {{.where = &topic, .job = w.job, .contender = "millrace", .variant = "the best static plan", .run = fixed, .part = role::limit},
          {.where = &topic, .job = w.job, .contender = "millrace", .variant = "schedule(), from fused on", .run = free}};
}

}  // namespace bench::scheduled
