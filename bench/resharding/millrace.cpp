// SPDX-License-Identifier: MIT
// run.apply() posted by the source, which the first worker has all the time: so both workers are awake, and no third thread takes a
// processor from them. The limit is one batch of the stage, the median and the 99th percentile of many, and eight round trips
// of a line: nobody is interrupted.
#include "resharding/problem.hpp"
#include "support/probe.hpp"

namespace bench::resharding {
namespace {

constexpr char const* name = "resharding, millrace";
constexpr std::size_t stages = 4;  // source, lanes, work, fold

/// Until `go_on()` says no.
template <typename GoOn>
struct source {
  GoOn go_on;
  observer* to;
  std::int64_t next = 0;
  auto operator()() -> std::optional<keyed::event> {
    to->here();
    if ((next & 63) == 0 && !go_on()) return std::nullopt;
    keyed::event const e{keyed::keys()[static_cast<std::size_t>(next & ((1 << 20) - 1))], next};
    ++next;
    return e;
  }
};
using table_work = keyed::work<mr::keyed_state<std::int64_t, std::int64_t>>;
struct observed_work : table_work {
  observer* to;
  auto operator()(keyed::event const& e) -> std::int64_t { return to->here(), table_work::operator()(e); }
};
struct observed_fold : keyed::fold {
  observer* to;
  void operator()(std::int64_t v) noexcept { to->here(), keyed::fold::operator()(v); }
};

template <typename GoOn>
auto observed(GoOn go_on, double ns, observer& to) {
  return mr::generate(source<GoOn>{std::move(go_on), &to}) | mr::map<"work">(observed_work{{keyed::links_of(ns)}, &to}, mr::keyed_by(&keyed::event::key)) |
         mr::tap<"fold">(observed_fold{{}, &to});
}

auto changing(shape const& s, double ns) {
  return [s, ns](load const& l) -> measured {
    observer seen{s.plans};
    std::array<mr::grouping, 2> const both{plan_of(s.plans[0], stages), plan_of(s.plans[1], stages)};
    std::function<bool(std::size_t)> apply;
    std::vector<std::uint64_t> times;
    std::int64_t posted = 0;
    std::uint64_t quiet_since = 0;
    auto const go_on = [&] {
      std::uint64_t took = 0;
      if (!seen.settled(took)) return true;
      auto const now = ticks();
      if (posted != static_cast<std::int64_t>(times.size())) times.push_back(took), quiet_since = now;
      if (static_cast<double>(now - quiet_since) * ns_per_tick() < 100e3) return true;
      if (posted == l.events) return false;
      ++posted;
      seen.announce(static_cast<std::size_t>(posted) % 2);
      expect(name, apply(static_cast<std::size_t>(posted) % 2), "a plan was not taken");
      return true;
    };
    auto crew = two_workers(0);
    mr::runner run{observed(go_on, ns, seen), crew, {.capacity = keyed::capacity, .plan = both[0], .paused = true}};
    apply = [&](std::size_t k) { return run.apply(both[k]) == mr::status::ok; };
    seen.held_by = [&strand = run.shared()->strand_number<0>()](std::size_t worker) { return strand.seat_of(worker).held[stages - 2]; };
    run.start();
    expect(name, run.finish().ok(), "the pipeline did not end well");
    expect_equal(name, static_cast<std::int64_t>(times.size()), l.events);
    return {.values = {plan_change::quantile(times, 0.5), plan_change::quantile(times, 0.99)}, .cpu_ns_per_event = 0};
  };
}

/// How long batches take, from the stage's first event to its end: of the second worker, or of the first if that has all lanes.
struct batches {
  std::size_t of;
  bool under_way = false;
  std::uint64_t began = 0;
  std::vector<std::uint64_t> took{};
  void begin() noexcept {
    if (!under_way && static_cast<std::size_t>(plan_change::here()) == of) under_way = true, began = ticks();
  }
  void end() {
    if (static_cast<std::size_t>(plan_change::here()) == of && std::exchange(under_way, false)) took.push_back(ticks() - began);
  }
};
struct timed_work : table_work {
  batches* to;
  auto operator()(keyed::event const& e) -> std::int64_t { return to->begin(), table_work::operator()(e); }
  void on_batch_end() { to->end(); }
};

auto steady(shape const& s, double ns) {
  return [s, ns](load const& l) -> measured {
    auto const trips = 8e-3 * probe_ns(l.smoke ? 0.2e-3 : 12e-3);
    measured longest{};
    for (auto const mine : s.plans) {
      batches seen{~mine == 0 ? std::size_t{0} : std::size_t{1}};
      auto const events = l.smoke ? 20'000 : static_cast<std::int64_t>(200e6 / (50 + ns));
      auto crew = two_workers(0);
      mr::runner run{mr::generate(keyed::source{.end = events}) | mr::map<"work">(timed_work{{keyed::links_of(ns)}, &seen}, mr::keyed_by(&keyed::event::key)) | mr::tap<"fold">(keyed::fold{}), crew,
                     {.capacity = keyed::capacity, .plan = plan_of(mine, stages), .paused = true}};
      run.start();
      expect(name, run.finish().ok(), "the pipeline did not end well");
      longest.values[0] = std::max(longest.values[0], plan_change::quantile(seen.took, 0.5) + trips);
      longest.values[1] = std::max(longest.values[1], plan_change::quantile(seen.took, 0.99) + trips);
    }
    return longest;
  };
}

auto entries() -> std::vector<entry> {
  std::vector<entry> all;
  for (auto const& s : shapes)
    for (auto const& p : prices) {
      auto const job = std::string{s.job} + ", " + p.name;
      all.push_back({.where = &settling, .job = job, .contender = "hand-written", .variant = "one batch + 8 round trips", .run = steady(s, p.ns), .part = role::limit});
      all.push_back({.where = &settling, .job = job, .contender = "millrace", .variant = "apply()", .run = changing(s, p.ns)});
    }
  return all;
}
enter const entered{entries()};

}  // namespace
}  // namespace bench::resharding
