// SPDX-License-Identifier: MIT
// The storm: random pipelines on real threads, whose plans change all the time. See README.md.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>

#include "storm/round.hpp"

namespace {

constexpr char const* usage =
    "usage: millrace_storm [options]\n"
    "  --seed N             of the first round; the next one has N + 1 (1)\n"
    "  --rounds N           so many rounds (50)\n"
    "  --duration SECONDS   instead: rounds for so long\n"
    "  --until EVENTS       instead: rounds until so many events have entered\n"
    "  --changes N          with --until: and so many changes were taken\n"
    "  --events N           of a round, at most (1000000)\n"
    "  --pause MICROSECONDS between two changes, at most; some rounds have none (200)\n"
    "  --stall SECONDS      without any movement are a failure (60)\n"
    "  --shape NAME         only this pipeline\n"
    "  --verbose            a line for each round\n"
    "  --list               the pipelines\n";

struct options {
  std::uint64_t seed = 1, rounds = 50, duration = 0, until = 0, changes = 0, stall = 60;
  storm::limits limits;
  bool verbose = false;
};

auto number(char const* text) -> std::optional<std::uint64_t> {
  char* end = nullptr;
  auto const n = std::strtoull(text, &end, 10);
  if (*text < '0' || *text > '9' || *end != '\0') return std::nullopt;
  return n;
}
/// An exit status, or none: go on.
auto read(int argc, char** argv, options& o) -> std::optional<int> {
  auto const wrong = [](char const* what) {
    std::fprintf(stderr, "millrace_storm: %s\n%s", what, usage);
    return 2;
  };
  struct {
    char const* name;
    std::uint64_t* into;
    std::uint64_t least;
  } const numbers[] = {{"--seed", &o.seed, 0},       {"--rounds", &o.rounds, 1},          {"--duration", &o.duration, 1},         {"--until", &o.until, 1},
                       {"--changes", &o.changes, 0}, {"--events", &o.limits.events, 1}, {"--pause", &o.limits.pause_us, 0}, {"--stall", &o.stall, 1}};
  for (int i = 1; i < argc; ++i) {
    auto const is = [&](char const* name) { return std::strcmp(argv[i], name) == 0; };
    if (is("--help")) return std::fputs(usage, stdout), 0;
    if (is("--list")) {
      for (auto const& s : storm::all_shapes()) std::printf("%s: %zu stages%s%s\n", s.name, s.stages, s.own_source ? ", own source" : "", s.constrained ? ", constrained" : "");
      return 0;
    }
    if (is("--verbose")) {
      o.verbose = true;
      continue;
    }
    if (i + 1 == argc) return wrong("unknown option, or its value is missing");
    if (is("--shape")) {
      o.limits.shape = argv[++i];
      bool known = false;
      for (auto const& s : storm::all_shapes()) known |= o.limits.shape == s.name;
      if (!known) return wrong("no such pipeline; see --list");
      continue;
    }
    bool found = false;
    for (auto const& n : numbers) {
      if (!is(n.name)) continue;
      auto const v = number(argv[++i]);
      if (!v || *v < n.least) return wrong("not such a number");
      *n.into = *v;
      found = true;
      break;
    }
    if (!found) return wrong("unknown option");
  }
  return std::nullopt;
}

auto repeat(options const& o, std::uint64_t seed) -> std::string {
  std::string command{"millrace_storm --rounds 1 --seed "};
  command.append(std::to_string(seed)).append(" --events ").append(std::to_string(o.limits.events)).append(" --pause ").append(std::to_string(o.limits.pause_us));
  if (!o.limits.shape.empty()) command.append(" --shape ").append(o.limits.shape);
  return command;
}

}  // namespace

int main(int argc, char** argv) {
  options o;
  if (auto const status = read(argc, argv, o)) return *status;

  auto const begin = std::chrono::steady_clock::now();
  auto const seconds = [begin] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(); };
  storm::watchdog dog{std::chrono::seconds{o.stall}};
  storm::totals t;
  std::uint64_t round = 0;
  auto const goes_on = [&] {
    if (o.duration != 0) return seconds() < static_cast<double>(o.duration);
    if (o.until != 0) return t.events < o.until || t.changes < o.changes;
    return round < o.rounds;
  };
  auto const wide = [](std::uint64_t n) { return static_cast<unsigned long long>(n); };
  for (; goes_on(); ++round) {
    auto const command = repeat(o, o.seed + round);
    dog.round(command);
    auto const before = t;
    auto const at = seconds();
    auto const wrong = storm::run_round(o.seed + round, o.limits, dog, t);
    if (!wrong.empty()) {
      std::fprintf(stderr, "storm: round %llu: %sTo repeat:\n  %s\n", wide(round), wrong.c_str(), command.c_str());
      return 1;
    }
    if (o.verbose)
      std::printf("%sseed %llu: %llu events, %llu changes, %llu hand-overs, %.2f s\n", t.last.c_str(), wide(o.seed + round), wide(t.events - before.events), wide(t.changes - before.changes),
                  wide(t.hand_overs - before.hand_overs), seconds() - at);
  }
  std::printf("storm: %llu rounds, %llu events, %llu calls of handlers, %llu changes of plan (%llu refused), %llu hand-overs, %llu failed and %llu stopped runners, %.1f s\n",
              wide(round), wide(t.events), wide(t.passes), wide(t.changes), wide(t.refused), wide(t.hand_overs), wide(t.failed), wide(t.stopped), seconds());
  return 0;
}
