// SPDX-License-Identifier: MIT
// The runner: explores scenarios, and repeats a failure from the line that it printed. See README.md.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "model/explore.hpp"
#include "model/scenario.hpp"

namespace {

using namespace millrace::model;

struct options {
  std::string scenario = "all", scheduler = "mixed", mutate, defect;
  std::uint64_t schedules = 10'000, seed = 1;
  std::uint32_t length = 64, bound = 2, moment = drawn_moment;
  std::string replay, path;
  bool list = false, complete = false;
};

[[noreturn]] void usage(std::string_view why) {
  std::fprintf(stderr,
               "%.*s\nmillrace_model [--list] [--scenario NAME|GROUP|all|-NAME|-GROUP,...] [--schedules N] [--seed S]\n"
               "               [--scheduler mixed|random|pct|exhaustive|moments] [--bound PREEMPTIONS] [--complete]\n"
               "               [--mutate SITE] [--defect NAME] [--replay SEED [--length STEPS] [--moment STEP] | --path CHOICES]\n",
               static_cast<int>(why.size()), why.data());
  std::exit(2);
}

auto number(char const* s) -> std::uint64_t {
  char* end = nullptr;
  auto const n = std::strtoull(s, &end, 10);
  if (*s == 0 || *end != 0) usage(std::string{"not a number: "} + s);
  return n;
}

auto parse(int argc, char** argv) -> options {
  options o;
  for (int i = 1; i < argc; ++i) {
    std::string_view const a = argv[i];
    if (a == "--list") {
      o.list = true;
      continue;
    }
    if (a == "--complete") {
      o.complete = true;
      continue;
    }
    if (i + 1 == argc) usage("no value for " + std::string{a});
    auto const* const v = argv[++i];
    if (a == "--scenario") o.scenario = v;
    else if (a == "--schedules") o.schedules = number(v);
    else if (a == "--seed") o.seed = number(v);
    else if (a == "--scheduler") o.scheduler = v;
    else if (a == "--bound") o.bound = static_cast<std::uint32_t>(number(v));
    else if (a == "--length") o.length = static_cast<std::uint32_t>(number(v));
    else if (a == "--moment") o.moment = static_cast<std::uint32_t>(number(v));
    else if (a == "--mutate") o.mutate = v;
    else if (a == "--defect") o.defect = v;
    else if (a == "--replay") o.replay = v;
    else if (a == "--path") o.path = v;
    else usage("unknown option " + std::string{a});
  }
  return o;
}

auto conditions_of(options const& o) -> conditions {
  conditions c;
  c.defect = o.defect;
  if (o.mutate.empty()) return c;
  for (std::size_t s = 0; s < most_sites; ++s)
    if (site_names[s] == o.mutate && !o.mutate.empty()) {
      c.weakened[s] = true;
      return c;
    }
  usage("no site " + o.mutate);
}

void print(outcome const& end) {
  constexpr std::size_t most = 400;  // of a livelock the end says enough
  auto const from = end.trace.size() > most ? end.trace.size() - most : 0;
  if (from != 0) std::printf("    ... %zu lines before\n", from);
  for (auto i = from; i < end.trace.size(); ++i) std::printf("    %s\n", end.trace[i].c_str());
  std::printf("  %s\n", end.failure.empty() ? "no failure" : end.failure.c_str());
}

}  // namespace

int main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);  // who is killed has told how far it came
  auto const o = parse(argc, argv);
  if (o.list) {
    for (auto const& s : scenarios()) std::printf("%-22s %s\n", s.name, s.says);
    return 0;
  }
  auto const under = conditions_of(o);
  std::vector<scenario> chosen;
  for (auto const& s : scenarios())
    if (s.is_meant_by(o.scenario)) chosen.push_back(s);
  if (chosen.empty()) usage("no scenario " + o.scenario);

  if (!o.replay.empty() || !o.path.empty()) {
    schedule which{.length = o.length, .bound = o.bound, .path = {}, .moment = o.moment};
    if (!o.path.empty()) {
      which.how = scheduler::exhaustive;
      which.path = path_from(o.path);
    } else {
      which.how = o.scheduler == "pct" ? scheduler::pct : scheduler::random;
      which.seed = number(o.replay.c_str());
    }
    auto const end = replay(chosen.front().run, which, under);
    print(end);
    return end.failure.empty() ? 0 : 1;
  }

  search what{.schedules = o.schedules, .seed = o.seed, .bound = o.bound, .under = under};
  if (o.scheduler == "random") what.how = searching::random;
  else if (o.scheduler == "pct") what.how = searching::pct;
  else if (o.scheduler == "exhaustive") what.how = searching::exhaustive;
  else if (o.scheduler == "moments") what.how = searching::moments;
  else if (o.scheduler != "mixed") usage("no scheduler " + o.scheduler);

  std::uint64_t schedules = 0;
  int failed = 0;
  auto const begin = std::chrono::steady_clock::now();
  for (auto const& s : chosen) {
    auto const from = std::chrono::steady_clock::now();
    auto const found = explore(s.run, what);
    auto const seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - from).count();
    schedules += found.schedules;
    std::printf("%-22s %9llu schedules%s  %6.1f steps each, longest %u  %7.0f a second  %s\n", s.name,
                static_cast<unsigned long long>(found.schedules), found.complete ? ", all there are" : "",
                static_cast<double>(found.steps) / static_cast<double>(found.schedules), found.longest,
                static_cast<double>(found.schedules) / seconds, found.failure.empty() ? "ok" : "FAILED");
    if (found.failure.empty()) {
      if (o.complete && !found.complete) ++failed, std::printf("  there are more schedules\n");
      continue;
    }
    ++failed;
    print(replay(s.run, found.which, under));
    std::string again = "millrace_model --scenario " + std::string{s.name} + " " + options_of(found.which);
    if (!o.mutate.empty()) again += " --mutate " + o.mutate;
    if (!o.defect.empty()) again += " --defect '" + o.defect + "'";
    std::printf("  to repeat: %s\n", again.c_str());
  }
  std::printf("%zu scenarios, %d failed, %llu schedules, seed %llu, %.1f s\n", chosen.size(), failed, static_cast<unsigned long long>(schedules),
              static_cast<unsigned long long>(o.seed), std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  return failed == 0 ? 0 : 1;
}
