// SPDX-License-Identifier: MIT
#include "model/explore.hpp"

#include <algorithm>

#if defined(MILLRACE_MODEL_ASAN)
#include <sanitizer/lsan_interface.h>
#endif

namespace millrace::model {

namespace {

// A failed run is dropped where it stands: what its threads own is lost.
struct leaks_are_expected {
  explicit leaks_are_expected([[maybe_unused]] bool yes) {
#if defined(MILLRACE_MODEL_ASAN)
    if ((on = yes)) __lsan_disable();
#endif
  }
  leaks_are_expected(leaks_are_expected const&) = delete;
  auto operator=(leaks_are_expected const&) -> leaks_are_expected& = delete;
  ~leaks_are_expected() {
#if defined(MILLRACE_MODEL_ASAN)
    if (on) __lsan_enable();
#endif
  }
  bool on = false;
};

auto mixed(std::uint64_t x) noexcept -> std::uint64_t {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

}  // namespace

auto explore(void (*scenario)(), search const& s) -> finding {
  finding found;
  leaks_are_expected const quiet{s.expects_failure};
  auto const all = s.how == searching::exhaustive, moments = s.how == searching::moments;
  world.choices() = strategy{};
  for (std::uint64_t number = 0; number < s.schedules;) {
    schedule next{.length = std::max(found.longest, 32u), .bound = s.bound, .path = {}};
    if (all) {
      next.how = scheduler::exhaustive;
    } else {
      next.seed = mixed(s.seed * 0x9E3779B97F4A7C15u + number) >> 16;
      auto const pct = s.how == searching::pct || (s.how != searching::random && (number & 1) != 0);
      next.how = pct ? scheduler::pct : scheduler::random;
    }
    ++number;
    if (moments) next.moment = 0;
    auto end = world.run(scenario, next, s.under);
    found.count(end);
    while (moments && end.failure.empty() && world.moment_came()) {
      ++next.moment;
      end = world.run(scenario, next, s.under);
      found.count(end);
    }
    if (!end.failure.empty()) {
      if (all) next.path = world.choices().path();
      found.failure = std::move(end.failure);
      found.which = std::move(next);
      return found;
    }
    if (all && !world.choices().advance()) {
      found.complete = true;
      return found;
    }
  }
  return found;
}

auto replay(void (*scenario)(), schedule const& which, conditions const& under) -> outcome {
  leaks_are_expected const quiet{true};
  world.choices() = strategy{};
  return world.run(scenario, which, under, true);
}

auto options_of(schedule const& s) -> std::string {
  auto const moment = s.moment == drawn_moment ? std::string{} : " --moment " + std::to_string(s.moment);
  switch (s.how) {
    case scheduler::random: return "--scheduler random --replay " + std::to_string(s.seed) + moment;
    case scheduler::pct: return "--scheduler pct --length " + std::to_string(s.length) + " --replay " + std::to_string(s.seed) + moment;
    case scheduler::exhaustive: break;
  }
  auto text = "--scheduler exhaustive --bound " + std::to_string(s.bound) + " --path ";
  for (std::size_t i = 0; i < s.path.size(); ++i) text += (i == 0 ? "" : ",") + std::to_string(s.path[i]);
  return s.path.empty() ? text + "0" : text;
}

auto path_from(std::string_view text) -> std::vector<std::uint8_t> {
  std::vector<std::uint8_t> path;
  unsigned n = 0;
  for (auto const c : text) {
    if (c == ',') path.push_back(static_cast<std::uint8_t>(n)), n = 0;
    else if (c >= '0' && c <= '9') n = n * 10 + static_cast<unsigned>(c - '0');
  }
  path.push_back(static_cast<std::uint8_t>(n));
  return path;
}

}  // namespace millrace::model
