// SPDX-License-Identifier: MIT
// Scenarios by number: machines, pipelines, loads and what happens to them, drawn from a seed.
#pragma once
#include <array>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>

#include "simulated/world.hpp"

namespace simulated {

inline constexpr std::array<char const*, 17> kinds{"constant cv0", "constant cv1", "constant cv3", "step x4 cv0", "step x4 cv1", "step x4 cv3", "ramp", "wave", "burst", "moving", "drift", "hog", "distance", "probe", "crowding", "skew", "idle"};

class drawer {
 public:
  explicit drawer(std::uint64_t seed) : random_{seed} {}
  auto real(double low, double high) -> double { return std::uniform_real_distribution<>{low, high}(random_); }
  auto log(double low, double high) -> double { return std::exp(real(std::log(low), std::log(high))); }
  auto whole(int low, int high) -> int { return std::uniform_int_distribution<>{low, high}(random_); }
  auto chance(double p) -> bool { return real(0, 1) < p; }

 private:
  std::mt19937_64 random_;
};

/// A chain, or with diamonds in it.
inline auto draw_stages(drawer& d, std::size_t n, double base) -> stage_models {
  stage_models s(n);
  for (auto& q : s) {
    q.work = std::clamp(base * std::exp(d.real(-1.6, 1.6)), 50.0, 1e6);
    auto const how = d.real(0, 1);
    q.dealt = how < 0.35 ? dealing::serial : how < 0.75 ? dealing::by_place : static_cast<dealing>(2 + d.whole(0, 1));
    if (d.chance(0.1)) q.selectivity = 0.5;
  }
  if (d.chance(0.4))
    for (std::size_t i = 0; i + 3 < n; i += 3)
      if (d.chance(0.5)) s[i + 1].after = s[i + 2].after = bit(i), s[i + 3].after = bit(i + 1) | bit(i + 2), s[i + 1].selectivity = s[i + 2].selectivity = 1;
  return s;
}

inline auto zipf(std::size_t keys, double exponent, std::uint64_t seed) -> std::vector<double> {
  std::vector<double> lanes(millrace::most_lanes, 0.0);
  std::mt19937_64 r{seed};
  double sum = 0;
  for (std::size_t k = 0; k < keys; ++k) {
    auto const share = std::pow(static_cast<double>(k + 1), -exponent);
    lanes[r() % millrace::most_lanes] += share, sum += share;
  }
  for (auto& l : lanes) l /= sum;
  return lanes;
}

inline auto draw(std::uint64_t seed, std::size_t number) -> scenario {
  drawer d{seed * 1'000'003 + number * 7919 + 17};
  scenario sc;
  sc.kind = kinds[number % kinds.size()];
  constexpr std::array<std::size_t, 13> sizes{2, 2, 2, 3, 4, 4, 6, 8, 12, 16, 32, 64, 128};
  auto const cores = sizes[static_cast<std::size_t>(d.whole(0, 12))];
  auto const n = static_cast<std::size_t>(d.log(1, 40.99));
  auto const base = d.log(50, 1e6);
  auto& x = sc.start;
  x.stages = draw_stages(d, n, base);
  x.machine.able.assign(cores, 1.0);
  for (std::size_t w = 0; w < cores; ++w) x.machine.cache.push_back(static_cast<std::uint32_t>(w / 8));
  auto const stretch = d.log(0.6, 1.6);
  x.machine.near = hand_over_at(100 * stretch, 64), x.machine.far = hand_over_at(435 * stretch, 64);
  auto const kind = sc.kind;
  auto const is = [&](char const* k) { return kind.rfind(k, 0) == 0; };
  sc.cv = kind.back() == '0' ? 0 : kind.back() == '3' ? 3 : 1;
  if (is("skew")) {
    auto const lanes = d.chance(0.2) ? zipf(1, 1, static_cast<std::uint64_t>(d.whole(1, 1000))) : zipf(10'000, 0.99, static_cast<std::uint64_t>(d.whole(1, 1000)));
    for (auto& s : x.stages)
      if (s.dealt >= dealing::by_key) s.lane_shares = lanes;
  }
  if (is("crowding")) {
    auto const a = d.chance(0.5) ? 0.3 : 1.0;
    for (auto& s : x.stages)
      if (s.dealt != dealing::serial && (a < 1 || d.chance(0.3))) s.crowding = a;
  }
  double heaviest = 0;
  for (auto const& s : x.stages) heaviest = std::max(heaviest, s.work);
  sc.capacity = heaviest > 5e4 ? 512 : 4096;
  auto const best = planner{x.stages, x.machine, cores}.best_on(cores).rate;
  sc.seconds = 20;
  x.load = best * (d.chance(0.2) ? d.real(1, 1.3) : d.real(0.1, 1));
  if (is("constant")) {  // to know a mean to 3 % takes (CV / 0.03)^2 events of each stage
    double rarest = 1;
    for (double const v : visits(x.stages)) rarest = std::min(rarest, v);
    sc.learning = std::min(60.0, 2 + sc.cv * sc.cv / 0.0009 / (std::min(x.load, best) * rarest * 1e9));
    sc.seconds = 20 + 2 * sc.learning;
  } else if (is("step")) {
    auto const high = best * d.real(0.4, 0.9);
    sc.edges = {3, 6, 9}, sc.seconds = 12, x.load = high / 4;
    sc.change = [high](double t, world& w) { w.load = static_cast<int>(t / 3) % 2 != 0 ? high : high / 4; };
  } else if (is("ramp")) {
    sc.seconds = 12, sc.restless = true;
    sc.change = [best](double t, world& w) { w.load = best * (0.1 + 0.9 * (t < 6 ? t / 6 : 2 - t / 6)); };
  } else if (is("wave")) {
    constexpr std::array<double, 6> periods{0.02, 0.04, 0.1, 0.2, 0.5, 1.0};
    auto const p = periods[static_cast<std::size_t>(d.whole(0, 5))];
    sc.restless = true;
    sc.change = [best, p](double t, world& w) { w.load = best * (std::fmod(t, p) < p / 2 ? 0.9 : 0.2); };
  } else if (is("burst")) {
    sc.restless = true;
    sc.change = [best](double t, world& w) { w.load = best * (std::fmod(t, 2.7) < 0.15 ? 1.5 : 0.3); };
  } else if (is("moving")) {
    auto const first = x.stages;
    sc.edges = {5, 10, 15};
    sc.change = [first](double t, world& w) {
      for (std::size_t i = 0; i < first.size(); ++i) w.stages[i].work = first[i].work * ((i + static_cast<std::size_t>(t / 5)) % 4 == 1 ? 3 : 0.8);
    };
  } else if (is("drift")) {
    auto const first = x.stages;
    sc.restless = true;
    sc.change = [first](double t, world& w) {
      for (std::size_t i = 0; i < first.size(); ++i) w.stages[i].work = first[i].work * (1 + 0.8 * std::sin(t / 3 + static_cast<double>(i)));
    };
  } else if (is("hog")) {
    sc.edges = {5, 15}, sc.seconds = 30;
    auto const taken = cores / 8 + 1;
    sc.change = [taken](double t, world& w) {
      for (std::size_t k = 0; k < taken; ++k) w.machine.able[(k * 3 + 1) % w.machine.workers()] = t > 5 && t < 15 ? 0.5 : 1;
    };
  } else if (is("distance")) {
    auto const near = x.machine.near, far = x.machine.far;
    sc.edges = {10, 20}, sc.seconds = 30;
    sc.change = [near, far](double t, world& w) { w.machine.near = static_cast<int>(t / 10) % 2 != 0 ? far : near; };
  } else if (is("probe")) {
    sc.probe_bias = d.chance(0.5) ? 3 : 0.33;
  } else if (is("idle")) {
    auto const busy = best * d.real(0.3, 0.8);
    sc.edges = {4, 12}, sc.seconds = 16, x.load = busy;
    sc.change = [busy](double t, world& w) { w.load = t < 4 || t >= 12 ? busy : 0; };
  }
  char text[96];
  std::snprintf(text, sizeof text, "%s, %zu cores, %zu stages, %.0f ns, load %.2f", sc.kind.c_str(), cores, n, base, x.load / best);
  sc.name = text;
  return sc;
}

/// A constant load, and cores that all now and then take up to three times as long for everything, for 20 to 100 ms: neighbours of a virtual machine.
inline auto draw_visited(std::uint64_t seed, std::size_t number) -> scenario {
  auto sc = draw(seed, number * kinds.size() + number % 3);
  drawer d{seed * 1'000'003 + number * 104'729 + 29};
  struct neighbour {
    double every, at, lasts, slower;
  };
  std::vector<neighbour> all;
  auto const cores = sc.start.machine.workers();
  if (d.chance(0.5)) sc.start.load = d.real(1, 1.3) * planner{sc.start.stages, sc.start.machine, cores}.best_on(cores).rate;
  for (std::size_t w = 0; w < cores; ++w) all.push_back({d.real(0.5, 3), d.real(0, 3), d.real(0.02, 0.1), d.real(1.3, 3)});
  if (d.chance(0.5)) all.assign(cores, all.front());  // the whole machine
  sc.start.slow.assign(cores, 1);
  sc.kind = "visited", sc.name.replace(0, sc.name.find(','), sc.kind + (sc.cv > 1 ? " cv3" : sc.cv > 0 ? " cv1" : " cv0"));
  sc.seconds = std::max(sc.seconds, 30.0);
  sc.change = [all](double t, world& w) {
    for (std::size_t c = 0; c < all.size(); ++c) w.slow[c] = std::fmod(t + all[c].at, all[c].every) < all[c].lasts ? all[c].slower : 1;
  };
  return sc;
}

/// More than all plans carry, and cores that are up to a third slower at one time than at another, each for itself, within a second and within ten.
inline auto draw_uneven(std::uint64_t seed, std::size_t number) -> scenario {
  auto sc = draw(seed, number * kinds.size() + number % 3);
  drawer d{seed * 1'000'003 + number * 130'363 + 31};
  struct wave {
    double high, every, at;
    [[nodiscard]] auto now(double t) const -> double { return high * (1 + std::sin(6.283 * (t / every + at))) / 2; }
  };
  std::vector<std::array<wave, 2>> all;
  auto const cores = sc.start.machine.workers();
  sc.start.load = d.real(1, 1.3) * planner{sc.start.stages, sc.start.machine, cores}.best_on(cores).rate;
  for (std::size_t w = 0; w < cores; ++w) all.push_back({wave{d.real(0, 0.2), d.real(0.5, 3), d.real(0, 1)}, wave{d.real(0, 0.15), d.real(3, 20), d.real(0, 1)}});
  sc.start.slow.assign(cores, 1);
  sc.kind = "uneven", sc.name.replace(0, sc.name.find(','), sc.kind + (sc.cv > 1 ? " cv3" : sc.cv > 0 ? " cv1" : " cv0"));
  sc.seconds = std::max(sc.seconds, 60.0);
  sc.change = [all](double t, world& w) {
    for (std::size_t c = 0; c < all.size(); ++c) w.slow[c] = 1 + all[c][0].now(t) + all[c][1].now(t);
  };
  return sc;
}

}  // namespace simulated
