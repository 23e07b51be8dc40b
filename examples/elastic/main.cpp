// SPDX-License-Identifier: MIT
// A pipeline that takes as many threads as its load needs: mr::schedule finds the plan, while the load goes through its steps. Draws what
// happened. `elastic` shows it in half a minute, `elastic --check` is over as soon as plans have changed in both directions. Returns 0 if
// no event was lost, repeated, reordered or wrong, and the pipeline ends on one worker.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <ostream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <millrace.hpp>
#include <millrace/run/latency_histogram.hpp>
#include <millrace/run/schedule.hpp>

#include "chart.hpp"
namespace mr = millrace;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

struct job {
  steady_clock::time_point due;
  std::uint64_t number;
};

/// Work that takes a while, and comes out differently if any of it is left out.
auto grind(std::uint64_t x, long rounds) -> std::uint64_t {
  for (long i = 0; i < rounds; ++i) x = x * 6364136223846793005U + 1442695040888963407U;
  return x;
}
/// How many rounds take a microsecond: the best of some tries.
auto rounds_per_microsecond() -> double {
  double best = 0;
  for (int i = 0; i < 20; ++i) {
    auto const from = steady_clock::now();
    auto const x = grind(static_cast<std::uint64_t>(i), 100'000);
    auto const us = std::chrono::duration<double, std::micro>(steady_clock::now() - from).count();
    if (x != 0) best = std::max(best, 1e5 / us);
  }
  return best;
}

struct step {
  char const* name;
  double load;     // 1: as much as one worker can do
  double seconds;
  std::size_t wanted = 0;  // with --check the step lasts until so many workers are employed; 0: as long as it says
};
struct row {
  double at, asked, done, depth, workers, slow;  // seconds; events a second, twice; events; threads; us that 99 % of the events took at most
};

/// Looks often, and is soon sure: for a test, which is not to take long.
auto hasty() -> mr::schedule_options {
  mr::schedule_options o;
  o.tuned.period = 0.002, o.tuned.longest_period = 0.02, o.tuned.dwell = 0.01, o.tuned.warmup = 0.002, o.tuned.idle_after = 0.1;
  return o;
}

/// The curves of a run.
void draw(std::ostream& out, std::vector<row> const& rows, std::vector<span> const& spans, std::vector<mark> const& marks) {
  auto const column = [&](double row::*member) {
    std::vector<double> all;
    for (auto const& r : rows) all.push_back(r.*member);
    return all;
  };
  chart c{column(&row::at), spans, marks};
  c.add({.title = "events a second", .curves = {{"asked for", "#999", column(&row::asked)}, {"done", "#06c", column(&row::done)}}});
  c.add({.title = "threads in use", .curves = {{"threads", "#c40", column(&row::workers)}}, .stairs = true});
  c.add({.title = "events in the ring", .curves = {{"depth", "#282", column(&row::depth)}}});
  c.add({.title = "99 % of the events took at most so many us", .curves = {{"p99", "#818", column(&row::slow)}}, .powers = true});
  c.draw(out);
}

int main(int argc, char** argv) {
  bool const check = argc > 1 && std::string{argv[1]} == "--check";
  char const* const file = argc > (check ? 2 : 1) ? argv[check ? 2 : 1] : "elastic.svg";
  double const costs[] = {0.4, 1.2, 0.6, 2.0, 0.8};  // of the stages, in microseconds
  auto const speed = rounds_per_microsecond();
  long rounds[5];
  double all = 0;
  for (int s = 0; s < 5; ++s) rounds[s] = std::lround(costs[s] * speed), all += costs[s];
  auto const work = [&rounds](int stage, std::uint64_t x) { return grind(x, rounds[stage]); };

  // [elastic]
  std::uint64_t next = 0, wrong = 0;
  mr::latency_histogram latency;
  auto sentence = mr::from<job>()
                | mr::map<"decode">([&](job const& j) { return work(0, j.number); })
                | mr::map<"enrich">([&](std::uint64_t x) { return work(1, x); })
                | mr::filter<"check">([&](std::uint64_t x) { return work(2, x) != 0; })
                | mr::map<"price">([&](std::uint64_t x) { return work(3, x); })
                | mr::tap<"store">([&](job const& j, std::uint64_t price) {
                    wrong += j.number != next++ || work(4, price) == 0;
                    if (j.number % 1024 == 0) wrong += price != work(3, work(1, work(0, j.number)));
                  }, mr::takes<"event", "price">)
                | mr::tap<"latency">(latency.since(&job::due), mr::takes<"event">);
  mr::workers crew{check ? mr::workers_options{.max = 2, .place = {.pin = false}} : mr::workers_options{}};  // one thread for each processor
  mr::runner run{std::move(sentence), crew, {.capacity = 16'384}};
  auto const scheduler = mr::schedule(run, check ? hasty() : mr::schedule_options{});
  // [/elastic]

  auto const employed = [&] { return mr::scheduling::employed(run.current_plan()); };
  auto const alone = [&] { return run.on().size() < 2 || scheduler->remembers().told.cores < 1.75; };  // nowhere to split
  std::vector<step> const steps = check ? std::vector<step>{{"low", 0.2, 0.05}, {"overload", 3, 0, 2}, {"idle", 0, 0, 1}}
                                        : std::vector<step>{{"idle", 0, 2}, {"low", 0.25, 4}, {"four times", 1, 6}, {"overload", 3, 6}, {"low", 0.25, 4}, {"idle", 0, 4}};
  auto in = run.input();
  auto const begin = steady_clock::now();
  auto const seconds = [&](steady_clock::time_point t) { return std::chrono::duration<double>(t - begin).count(); };
  std::vector<span> spans;
  std::vector<row> rows;
  std::uint64_t sent = 0;
  auto was = latency.read();
  auto row_begun = begin;
  auto due = begin;
  for (auto const& s : steps) {
    auto const from = due;
    double owed = 0;
    for (long tick = 0;; ++tick) {
      auto const over = check && s.wanted != 0 ? alone() || employed() == s.wanted : seconds(due) - seconds(from) >= s.seconds;
      if (over) break;
      std::this_thread::sleep_until(due += 1ms);
      owed += s.load * 1e3 / all;
      auto const n = static_cast<std::uint64_t>(owed);
      owed -= static_cast<double>(n);
      for (std::uint64_t i = 0; i != n; ++i)
        if (in.publish([&](job& j) { j = {due, sent++}; }) != mr::status::ok) return 1;
      auto const now = steady_clock::now();
      if (now > due + 1ms) due = now;  // overload: what was due meanwhile nobody asks for again
      if (now < row_begun + 100ms) continue;
      auto const all_of = latency.read();
      auto const seen = all_of - was;
      auto const took = seconds(now) - seconds(row_begun);
      rows.push_back({seconds(now), s.load * 1e6 / all, static_cast<double>(seen.count()) / took, static_cast<double>(mr::snapshot(run).events.depth), static_cast<double>(employed()),
                      seen.count() > 0 ? static_cast<double>(seen.percentile(99)) / 1e3 : std::nan("")});
      was = all_of, row_begun = now;
    }
    spans.push_back({s.name, seconds(from), seconds(due)});
  }
  auto const decisions = scheduler->decisions();
  auto const last = employed();
  auto const end = run.finish();
  for (auto const& d : decisions) std::printf("%s\n", mr::scheduling::describe(d).c_str());
  std::vector<mark> marks;
  for (auto const& d : decisions) {
    auto const at = d.at - std::chrono::duration<double>(begin.time_since_epoch()).count();
    marks.push_back({at, std::to_string(at).substr(0, 6) + " s: " + text(d.why) + ": " + std::to_string(mr::scheduling::employed(d.from)) + " -> " + std::to_string(mr::scheduling::employed(d.to)) + " workers"});
  }
  std::ofstream out{file};
  draw(out, rows, spans, marks);
  end.rethrow();
  auto const split = std::any_of(decisions.begin(), decisions.end(), [](auto const& d) { return mr::scheduling::employed(d.to) > 1; });
  std::printf("%llu events, %llu of them wrong; %zu changes of plan, and one worker at last: %s; drawn in %s\n", static_cast<unsigned long long>(next), static_cast<unsigned long long>(wrong), decisions.size(), last == 1 ? "yes" : "no", file);
  return next == sent && wrong == 0 && last == 1 && (split || alone()) && out.good() && scheduler->error() == nullptr ? 0 : 1;
}
