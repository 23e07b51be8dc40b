// SPDX-License-Identifier: MIT
// Simulated cores with a virtual clock: stages as fluids over one bounded ring. How long events take is a function of their place in
// the stream, so that two controllers on one world meet the same luck.
#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include <millrace/plan/cost_model.hpp>
#include <millrace/plan/decide.hpp>
#include <millrace/plan/glance.hpp>
#include <millrace/plan/planner.hpp>
#include <millrace/plan/replay.hpp>
#include <millrace/plan/sample.hpp>

namespace simulated {

using namespace millrace::scheduling;
using millrace::plan;

/// The truth at one moment.
struct world {
  stage_models stages{};
  machine_model machine{};
  double load = 0;  // source events per ns
  std::vector<double> slow{};  // by core, how many times as long everything takes on it; empty: once. Neither planner nor oracle hears of it
};

struct scenario {
  std::string name{}, kind{};
  world start{};
  double seconds = 10, cv = 0, capacity = 4096;
  double probe_bias = 1;        // measured round trips are so much too long
  double quota = 1e9;           // cores, as the controller is told
  std::vector<double> edges{};  // moments at which something changes at once
  std::function<void(double, world&)> change{};  // called every millisecond
  bool restless = false;        // something always changes: nothing settles
  double learning = 2;          // seconds after an edge in which plans may change
  settings asked{};
};

/// Simulates one scenario, millisecond by millisecond.
class simulation {
 public:
  static constexpr double dt = 1e6;  // ns

  simulation(scenario const& sc, std::uint64_t seed, double best_rate) : sc_{sc}, x_{sc.start}, seed_{seed}, random_{seed * 77 + 5}, block_{std::max(best_rate * dt / 2, 1e-3)}, capacity_{std::max(sc.capacity, 4 * best_rate * dt)} {
    auto const n = x_.stages.size(), w = x_.machine.workers();
    at_.resize(n * w), done_.resize(n), budget_.resize(w), stall_.resize(w), gave_.resize(w), busy_.resize(w), work_.resize(w), events_.resize(n), untimed_.resize(n), luck_.resize(n);
  }

  [[nodiscard]] auto truth() const -> world const& { return x_; }
  [[nodiscard]] auto running() const -> plan const& { return now_; }
  [[nodiscard]] auto out() const -> double { return *std::min_element(done_.begin(), done_.end()); }
  [[nodiscard]] auto seconds() const -> double { return static_cast<double>(steps_) * dt / 1e9; }
  [[nodiscard]] auto admitted_freely() const -> bool { return admitted_ > 0 && admitted_ == wanted_; }

  /// The truth may change; says whether it did in what the best plan depends on.
  void evolve() {
    if (sc_.change) sc_.change(seconds(), x_), stale_ = true;
  }
  /// What a change costs is `stall` ns for each worker that gets or loses something.
  void run(plan const& next, double stall) {
    auto const n = x_.stages.size();
    for (std::size_t i = 0; i < n && now_.stages() != 0; ++i) {  // lanes keep their places; the fluid keeps their sum
      double mean = 0;
      for (std::size_t w = 0; w < now_.workers(); ++w) mean += x_.stages[i].share(now_.lanes(w, i)) * at_[w * n + i];
      for (std::size_t w = 0; w < next.workers(); ++w) at_[w * n + i] = mean;
      done_[i] = std::max(done_[i], mean);
    }
    for (std::size_t w = 0; w < next.workers() && now_.stages() != 0; ++w)
      for (std::size_t i = 0; i < n; ++i)
        if (next.lanes(w, i) != now_.lanes(w, i)) stall_[w] = std::max(stall_[w], stall);
    now_ = next, stale_ = true;
  }

  void step() {
    auto const n = x_.stages.size(), workers = x_.machine.workers();
    if (stale_) reprice();
    auto const before = out();
    for (std::size_t w = 0; w < workers; ++w) {
      auto const gets = dt * x_.machine.able[w];
      budget_[w] = std::max(0.0, gets - stall_[w]);
      stall_[w] = std::max(0.0, stall_[w] - gets);
      gave_[w] += x_.machine.able[w];
    }
    auto const mean = x_.load * dt;
    wanted_ = mean <= 0 ? 0 : mean > 50 ? std::max(0.0, mean + std::sqrt(mean) * normal_(random_)) : static_cast<double>(std::poisson_distribution<>{mean}(random_));
    admitted_ = std::clamp(wanted_, 0.0, std::max(0.0, capacity_ - (claimed_ - before) + last_out_));
    claimed_ += admitted_, offered_ += wanted_, taken_ += admitted_, all_offered_ += wanted_, all_taken_ += admitted_;
    if (x_.machine.producer < workers) budget_[x_.machine.producer] = std::max(0.0, budget_[x_.machine.producer] - admitted_ * x_.machine.produce);
    std::vector<double> quota(workers, 0.0);
    for (std::size_t w = 0; w < workers; ++w) quota[w] = all_cells_[w] > 0 ? budget_[w] / (all_cells_[w] * slow(w)) : 0;
    for (int pass = 0; pass < 2; ++pass)  // first all stages of a worker alike, then who has time left, from behind
      for (std::size_t y = 0; y < n; ++y) advance_stage(pass != 0 ? n - 1 - y : y, pass == 0 ? &quota : nullptr);
    last_out_ = out() - before;
    ++steps_, ++period_steps_;
  }

  /// What the runner would tell the controller, and a new period.
  auto look() -> sample {
    auto const n = x_.stages.size(), workers = x_.machine.workers();
    auto const v = visits(x_.stages);
    sample s;
    auto const ns = period_steps_ * dt;
    s.at = seconds(), s.seconds = ns / 1e9;
    s.rings.push_back({claimed_ - out(), capacity_});
    s.producers.push_back({taken_, offered_ > 0 ? std::clamp(1 - taken_ / offered_, 0.0, 1.0) : 0});
    s.cores = sc_.quota;
    auto const probe = sc_.probe_bias * (1 + 0.1 * normal_(random_));
    s.near_round_trip = x_.machine.near.share / 0.27 * probe, s.far_round_trip = x_.machine.far.share / 0.27 * probe;
    for (std::size_t i = 0; i < n; ++i) {
      stage_sample q;
      q.events = events_[i], q.passed = events_[i] * x_.stages[i].selectivity;
      auto const truth = v[i] > 0 ? x_.stages[i].work + prices_.surcharge[i] / v[i] : 0;
      untimed_[i] += truth > 1000 ? q.events : q.events / 64;  // below a microsecond one batch in 64
      auto const timed = std::floor(untimed_[i]);
      if (timed >= 1) {
        untimed_[i] -= timed;
        bool const preempted = std::uniform_real_distribution<>{}(random_) < 0.01;
        q.timed_events = timed;
        double slower = 0;  // than it is, by who did it
        for (std::size_t w = 0; w < workers; ++w) {
          auto const part = now_.lanes(w, i) != 0 ? x_.stages[i].share(now_.lanes(w, i)) * (work_[w] > 0 ? busy_[w] / work_[w] : 1) : 0;
          q.worker_ns.push_back(part), slower += part;
        }
        for (double& part : q.worker_ns) part *= 1 / slower;
        q.timed_ns = timed * truth * slower * around(timed, sc_.cv) * std::max(0.5, 1 + 0.03 * normal_(random_)) * (preempted ? 1 + 2 * std::uniform_real_distribution<>{}(random_) : 1);
        for (double& part : q.worker_ns) part *= q.timed_ns;
      }
      if (x_.stages[i].lane_shares.size() == millrace::most_lanes)
        for (double const share : x_.stages[i].lane_shares) q.lane_events.push_back(std::max(0.0, q.events * share + std::sqrt(q.events * share) * normal_(random_)));
      s.stages.push_back(std::move(q));
    }
    for (std::size_t w = 0; w < workers; ++w) {
      worker_sample k;
      k.ran = now_.employs(w), k.busy_ns = busy_[w];
      k.runq_ns = k.ran ? (period_steps_ - gave_[w]) * dt : 0;
      k.waited_ns = k.ran ? std::max(0.0, gave_[w] * dt - busy_[w]) : 0;
      s.workers.push_back(k);
    }
    fresh();
    return s;
  }
  /// The ring alone.
  [[nodiscard]] auto glimpse() const -> glance {
    return {seconds(), all_taken_, all_offered_ - all_taken_, 0, claimed_ - out(), capacity_};
  }
  /// Forgets what was counted.
  void fresh() {
    offered_ = taken_ = period_steps_ = 0;
    for (auto* all : {&events_, &busy_, &work_, &gave_}) std::fill(all->begin(), all->end(), 0.0);
  }

 private:
  struct cell {
    std::size_t worker;
    double share, work, extra;  // ns per source event: work is what chance plays with
  };

  void reprice() {
    auto const n = x_.stages.size(), workers = x_.machine.workers();
    prices_ = price(x_.stages, x_.machine, now_);
    auto const v = visits(x_.stages);
    cells_.assign(n, {});
    all_cells_.assign(workers, 0.0);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t w = 0; w < workers; ++w) {
        if (now_.lanes(w, i) == 0) continue;
        auto const share = x_.stages[i].share(now_.lanes(w, i)), all = prices_.cell[w * n + i];
        auto const work = share * v[i] * x_.stages[i].work * (1 + x_.stages[i].crowding * static_cast<double>(degree_of(now_, i) - 1));
        cells_[i].push_back({w, share * v[i], work, all - work});
        all_cells_[w] += all;
      }
    stale_ = false;
  }
  void advance_stage(std::size_t i, std::vector<double> const* quota) {
    auto const n = x_.stages.size();
    double upstream = claimed_, low = unbounded;
    if (auto read = read_by(x_.stages, i); read != 0)
      for (upstream = unbounded; read != 0; read &= read - 1) upstream = std::min(upstream, done_[static_cast<std::size_t>(std::countr_zero(read))]);
    for (auto const& c : cells_[i]) {
      auto& at = at_[c.worker * n + i];
      auto const from = at, had = budget_[c.worker];
      auto goal = upstream;
      if (quota != nullptr) goal = std::min(goal, at + (*quota)[c.worker]);
      auto budget = had;
      while (at < goal && budget > 0) {
        auto const end = sc_.cv > 0 ? std::min(goal, (std::floor(at / block_) + 1) * block_) : goal;
        auto const cost = slow(c.worker) * (c.work * (sc_.cv > 0 ? luck(i, std::floor(at / block_)) : 1) + c.extra);
        if ((end - at) * cost <= budget) budget -= (end - at) * cost, at = end > at ? end : std::nextafter(at, unbounded);
        else at += budget / cost, budget = 0;
      }
      budget_[c.worker] = budget;
      busy_[c.worker] += had - budget, work_[c.worker] += (had - budget) / slow(c.worker);
      events_[i] += std::max(0.0, at - from) * c.share;
      low = std::min(low, at);
    }
    done_[i] = std::max(done_[i], std::min(low, upstream));
  }
  /// What the events of a block take, relative to their mean: gamma distributed, by its number.
  auto luck(std::size_t i, double block) -> double {
    auto& cache = luck_[i];
    auto const number = static_cast<std::uint64_t>(block);
    auto& slot = cache[number % cache.size()];
    if (slot.number == number + 1) return slot.luck;
    std::uint64_t h = (seed_ + 1) * 0x9e3779b97f4a7c15U ^ (number * 64 + i + 1) * 0xbf58476d1ce4e5b9U;
    h = (h ^ h >> 31) * 0x94d049bb133111ebU;
    std::minstd_rand r{static_cast<std::uint32_t>(h >> 33) + 1};
    auto const shape = std::max(block_ * std::max(visits_of(i), 1e-9), 1e-3) / (sc_.cv * sc_.cv);
    slot = {number + 1, shape > 1e4 ? std::max(0.0, 1 + std::normal_distribution<>{}(r) / std::sqrt(shape)) : std::gamma_distribution<>{shape, 1 / shape}(r)};
    return slot.luck;
  }
  [[nodiscard]] auto slow(std::size_t w) const -> double { return x_.slow.empty() ? 1 : x_.slow[w]; }
  auto visits_of(std::size_t i) -> double { return cells_[i].empty() ? 1 : cells_[i][0].share; }
  auto around(double count, double cv) -> double {
    if (cv <= 0) return 1;
    auto const shape = count / (cv * cv);
    return shape > 1e4 ? 1 + normal_(random_) / std::sqrt(shape) : std::gamma_distribution<>{shape, 1 / shape}(random_);
  }

  struct drawn {
    std::uint64_t number = 0;
    double luck = 1;
  };
  scenario const& sc_;
  world x_;
  std::uint64_t seed_;
  std::mt19937_64 random_;
  std::normal_distribution<> normal_{};
  double block_;
  double capacity_;  // fluids move once a millisecond: the ring holds what comes in four
  plan now_{};
  bool stale_ = true;
  prices prices_{};
  std::vector<std::vector<cell>> cells_{};
  std::vector<double> all_cells_{}, at_{}, done_{}, budget_{}, stall_{}, gave_{}, busy_{}, work_{}, events_{}, untimed_{};
  std::vector<std::array<drawn, 32>> luck_{};
  double claimed_ = 0, offered_ = 0, taken_ = 0, wanted_ = 0, admitted_ = 0, last_out_ = 0, period_steps_ = 0, all_offered_ = 0, all_taken_ = 0;
  std::size_t steps_ = 0;
};

}  // namespace simulated
