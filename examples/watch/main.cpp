// SPDX-License-Identifier: MIT
// A pipeline that one can watch: which thread runs which stages, where events wait, what the scheduler decided. On a terminal it is drawn
// until q or Ctrl-C; elsewhere there is a line now and then. With --check 200,000 events, and whether what is drawn fits its place.
// Returns 0 if all events came through in order.
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>
#include <thread>

#include <millrace.hpp>
#include <millrace/run/schedule.hpp>

#include "terminal.hpp"
#include "view.hpp"
namespace mr = millrace;
using namespace std::chrono_literals;

// [watch]
/// Shows `run` until somebody quits or `is_over()`. Called by any thread but the workers; disturbs none of them.
template <typename Run, typename Over>
void watch(Run const& run, mr::scheduler const& scheduler, Over is_over) {
  auto before = mr::snapshot(run);
  auto const begun = std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count() - before.elapsed_ns * 1e-9;
  auto const look = [&] {
    auto now = mr::snapshot(run);
    moment m{now, now - before, mr::diagram_of(run), {}};
    before = std::move(now);
    for (auto const& d : scheduler.decisions()) {
      char at[32];
      std::snprintf(at, sizeof at, "%9.2f s  ", d.at - begun);
      m.decisions.push_back(at + std::string{text(d.why)} + ": " + std::to_string(mr::scheduling::employed(d.from)) + " -> " + std::to_string(mr::scheduling::employed(d.to)) + " workers");
    }
    return m;
  };
  if (terminal::is_there()) {
    terminal screen;
    do {
      auto const [width, height] = terminal::size();
      terminal::show(frame(look(), width, height));
    } while (!is_over() && !terminal::quits(250ms));
  } else {
    do {
      std::this_thread::sleep_for(50ms);
      std::printf("%s\n", line(look()).c_str());
    } while (!is_over());
  }
}
// [/watch]

/// Whether frames of a made-up moment fit whatever place there is, and say what they are to say.
auto frames_fit() -> bool {
  moment m;
  m.total.elapsed_ns = m.lately.elapsed_ns = 2e9;
  m.total.events.capacity = 64, m.total.events.published = 1'000'032, m.total.events.depth = 32, m.lately.events.done = 1'000'000;
  for (std::size_t s = 0; s < 3; ++s) {
    m.total.stages.push_back({.name = std::string(1, static_cast<char>('a' + s)), .worker = s / 2, .events = 1'000'000, .useful_ns = 1e9});
    m.stages.stages.push_back({.name = m.total.stages[s].name, .workers = {s / 2}, .after = s == 0 ? 0U : 1U << (s - 1), .first = s == 0});
  }
  m.total.workers = {{.number = 0, .cpu = 3, .stages = "a b", .useful_ns = 1e9}, {.number = 1, .cpu = -1, .stages = "c", .useful_ns = 2e9}};
  m.lately.stages = m.total.stages, m.lately.workers = m.total.workers;
  for (int i = 0; i < 20; ++i) m.decisions.push_back("decision " + std::to_string(i));
  for (std::size_t width = 1; width < 200; width += 3)
    for (std::size_t height = 1; height < 40; height += 3) {
      auto const lines = frame(m, width, height);
      if (lines.size() > height) return false;
      for (auto const& l : lines)
        if (l.size() > width) return false;
    }
  std::string all;
  for (auto const& l : frame(m, 100, 24)) all += l + '\n';
  for (char const* what : {"500k/s", "32 of 64", "worker 0, processor 3", "busy  50 %", "worker 1 ", "busy 100 %", "1000 ns", "decision 19"})
    if (all.find(what) == std::string::npos) return std::fprintf(stderr, "no %s in\n%s", what, all.c_str()), false;
  return waiting_before(m, 0) == 32 && waiting_before(m, 1) == 0;
}

auto grind(std::uint64_t x, int rounds) -> std::uint64_t {
  for (int i = 0; i < rounds; ++i) x = x * 6364136223846793005U + 1442695040888963407U;
  return x;
}

int main(int argc, char** argv) {
  bool const check = argc > 1 && std::string{argv[1]} == "--check";
  if (check && !frames_fit()) return 1;
  std::uint64_t next = 0, wrong = 0, zeros = 0;
  mr::runner run{mr::from<std::uint64_t>() | mr::map<"decode">([](std::uint64_t n) { return grind(n, 200); }) | mr::map<"price">([](std::uint64_t x) { return grind(x, 900); }, mr::stateless)
                 | mr::filter<"check">([](std::uint64_t x) { return x % 3 != 0; }) | mr::tap<"risk">([&](std::uint64_t x) { zeros += grind(x, 500) == 0; })
                 | mr::after<"decode"> | mr::tap<"journal">([&](std::uint64_t n) { wrong += n != next++; }, mr::takes<"event">)};
  auto const scheduler = mr::schedule(run);
  auto in = run.input();
  std::uint64_t sent = 0;
  std::jthread feed{[&](std::stop_token stop) {  // the load goes up and down, every ten seconds
    for (long tick = 0; !stop.stop_requested() && !(check && sent >= 200'000); ++tick) {
      auto const n = static_cast<std::uint64_t>(check ? 20'000 : 300 * (1.02 + std::sin(static_cast<double>(tick) / 1600)));
      for (std::uint64_t i = 0; i < n; ++i)
        if (in.publish([&](std::uint64_t& e) { e = sent; }) != mr::status::ok) return;
        else ++sent;
      if (!check) std::this_thread::sleep_for(1ms);
    }
  }};
  watch(run, *scheduler, [&] { return check && mr::snapshot(run).events.done == 200'000; });
  feed.request_stop();
  feed.join();
  auto const end = run.finish();
  end.rethrow();
  std::printf("%llu events\n", static_cast<unsigned long long>(end.done));
  return wrong == 0 && next == sent && end.done == static_cast<mr::sequence>(sent) ? 0 : 1;
}
