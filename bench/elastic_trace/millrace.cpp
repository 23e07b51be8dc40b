// SPDX-License-Identifier: MIT
// The trace with a runner that finds its plan by itself, and with the best plan of each phase, applied as it begins. All 16 plans on two
// workers have been tried in each before. A third thread asks for what it wants every millisecond, and sleeps in between.
#include <millrace/run/schedule.hpp>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "elastic_trace/problem.hpp"
#include "support/burn.hpp"
#include "support/millrace.hpp"
#include "support/phases.hpp"

namespace bench::elastic_trace {
namespace {

using std::chrono::steady_clock;
constexpr char const* name = "elastic_trace, millrace";

/// The stages of which `mask` has a bit are the second worker's.
auto plan_of(std::size_t mask) -> mr::plan {
  mr::plan p{2, costs_us.size()};
  for (std::size_t s = 0; s < costs_us.size(); ++s) p.give(mask >> s & 1, s, 1);
  return p;
}
constexpr std::size_t plans = 16;  // without those that only rename the workers

auto work(std::size_t stage) {
  return [links = links_for(costs_us[stage] * 1e3)](std::uint64_t x) { return static_cast<void>(opaque(burn(links, x))), x; };
}

/// `body(run, ask)`: `ask(load, seconds)` says what was done in that time. Each event has to come once and in order.
template <typename Body>
void with_pipeline(Body body) {
  std::uint64_t sent = 0, next = 0, wrong = 0;
  auto crew = two_workers(0);
  mr::runner run{mr::from<std::uint64_t>() | mr::map<"decode">(work(0)) | mr::map<"enrich">(work(1)) |
                     mr::filter<"check">([w = work(2)](std::uint64_t x) { return w(x) == x; }) | mr::map<"price">(work(3)) |
                     mr::tap<"store">([w = work(4), &next, &wrong](std::uint64_t x) { wrong += w(x) != next++; }),
                 crew, {.capacity = 16'384}};
  auto in = run.input();
  auto due = steady_clock::now();
  auto const ask = [&](double load, double seconds) -> done_in_a_phase {
    auto const events = mr::snapshot(run).events.done;
    stopwatch watch;
    watch.start();
    auto const end = due + std::chrono::duration_cast<steady_clock::duration>(std::chrono::duration<double>(seconds));
    if (load == 0) std::this_thread::sleep_until(due = end);
    for (double owed = 0; due < end;) {
      std::this_thread::sleep_until(due += std::chrono::milliseconds{1});
      for (owed += load * 1e3 / all_us; owed >= 1; owed -= 1)
        expect(name, in.publish([&](std::uint64_t& e) { e = sent++; }) == mr::status::ok, "an event was not published");
      if (auto const now = steady_clock::now(); now > due + std::chrono::milliseconds{1}) due = now;  // overload: what was due meanwhile nobody asks for again
    }
    watch.stop();
    return {static_cast<double>(mr::snapshot(run).events.done - events), watch.cpu(), watch.wall()};
  };
  body(run, ask);
  expect(name, run.finish().ok(), "the pipeline did not end well");
  expect_equal(name, next, sent);
  expect_equal(name, wrong, std::uint64_t{0});
}

auto said(done_in_a_phase const& d, double changes) -> measured {
  return {.values = {d.events / d.wall * 1e-3, d.cpu / d.wall * 100, changes}, .cpu_ns_per_event = d.events > 0 ? d.cpu * 1e9 / d.events : 0};
}

/// `before(run, phase)` may apply a plan; `changes(since)` says how many there have been.
template <typename Before, typename Changes>
auto go_through(load const& l, Before before, Changes changes) -> std::vector<measured> {
  std::vector<measured> all;
  with_pipeline([&](auto& run, auto const& ask) {
    done_in_a_phase sum;
    double in_all = 0;
    for (auto const& p : trace) {
      auto const from = seconds();
      before(run, p);
      auto const d = ask(p.load, p.seconds * static_cast<double>(l.events) * 1e-3);
      auto const n = changes(from);
      sum += d, in_all += n;
      all.push_back(said(d, n));
    }
    all.push_back(said(sum, in_all));
  });
  return all;
}

auto scheduled(load const& l) -> std::vector<measured> {
  std::shared_ptr<mr::scheduler const> scheduler;
  auto const all = go_through(
      l, [&](auto& run, phase const&) { if (scheduler == nullptr) scheduler = mr::schedule(run); },
      [&](double since) {
        double n = 0;
        for (auto const& d : scheduler->decisions()) n += d.at > since;  // of the latest sixteen
        return n;
      });
  if (scheduler->error() != nullptr) std::rethrow_exception(scheduler->error());
  return all;
}

/// For each load the best plan. Looked for once.
auto best_plan(double load, bench::load const& l) -> mr::plan {
  static std::vector<std::pair<double, mr::plan>> known;
  for (auto const& [for_load, p] : known)
    if (for_load == load) return p;
  std::size_t best = 0;
  if (load > 0)
    with_pipeline([&](auto& run, auto const& ask) {
      best = best_of_all(plans, 2, [&](std::size_t k) {
        expect(name, run.apply(plan_of(k)) == mr::status::ok, "a plan was not taken");
        ask(load, l.smoke ? 0.001 : 0.05);  // until the ring is as full as it will be
        return ask(load, l.smoke ? 0.002 : 0.2);
      });
    });
  std::printf("elastic_trace: the best plan at %g of a worker gives it", load);
  for (std::size_t w = 0; w < 2; ++w) {
    std::printf(w == 0 ? " the stages of" : "; the other one");
    for (std::size_t s = 0; s < costs_us.size(); ++s)
      if (plan_of(best).lanes(w, s) != 0) std::printf(" %g", costs_us[s]);
  }
  std::puts(" us");
  return known.emplace_back(load, plan_of(best)).second;
}

auto by_hand(load const& l) -> std::vector<measured> {
  for (auto const& p : trace) static_cast<void>(best_plan(p.load, l));
  return go_through(
      l, [&](auto& run, phase const& p) { expect(name, run.apply(best_plan(p.load, l)) == mr::status::ok, "a plan was not taken"); }, [](double) { return 1.0; });
}

auto jobs() -> std::vector<std::string> {
  std::vector<std::string> all;
  for (auto const& p : trace) all.emplace_back(p.name);
  all.emplace_back("all of it");
  return all;
}

enter const entered{scheduled_and_best(topic, jobs(), scheduled, by_hand)};

}  // namespace
}  // namespace bench::elastic_trace
