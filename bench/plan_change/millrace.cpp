// SPDX-License-Identifier: MIT
// run.apply(): one stage moves to and fro, both workers swap all they have, everything is fused and split again. The limit is what
// cannot be avoided if nobody is interrupted: the longest batch of the two workers, by its mean, and eight round trips of a line.
#include "plan_change/problem.hpp"
#include "support/millrace.hpp"
#include "support/probe.hpp"

namespace bench::plan_change {
namespace {

constexpr char const* name = "plan_change, millrace";

template <int Cost>
struct last_of {
  observer* to;
  void operator()(std::uint64_t x) const noexcept { to->runs(4), work<Cost>(x); }
  void on_batch_end() const noexcept { to->last_batch(); }
};

template <int Cost>
auto observed(observer& o) {
  return mr::generate([&o, n = std::uint64_t{0}]() mutable -> std::optional<std::uint64_t> {
           o.runs(0);
           if (!o.go_on()) return {};
           return ++n;
         }) |
         mr::map<"a">([&o](std::uint64_t x) { return o.runs(1), work<Cost>(x); }) | mr::map<"b">([&o](std::uint64_t x) { return o.runs(2), work<Cost>(x); }) |
         mr::map<"c">([&o](std::uint64_t x) { return o.runs(3), work<Cost>(x); }) | mr::tap<"d">(last_of<Cost>{&o});
}

auto plan_of(seats const& where) -> mr::plan {
  mr::plan p{2, stages};
  for (std::size_t s = 0; s < stages; ++s) p.give(static_cast<std::size_t>(where[s]), s, 1);
  return p;
}

/// The longest mean batch of the two workers, in microseconds: stages that run as one have as many batches.
auto batch_us(mr::metrics const& m) -> double {
  double most = 0;
  for (auto const& w : m.workers) {
    double batches = 0;
    for (auto const& s : m.stages)
      if (s.worker == w.number) batches = std::max(batches, static_cast<double>(s.batches));
    if (batches > 0) most = std::max(most, w.useful_ns / batches * 1e-3);
  }
  return most;
}

template <int Cost>
auto changing(std::array<seats, 2> plans) {
  return [plans](load const& l) -> measured {
    observer seen{plans, l.events};
    auto crew = two_workers(0);
    mr::runner run{observed<Cost>(seen), crew, {.plan = plan_of(plans[0]), .paused = true}};
    std::array<mr::grouping, 2> const both{plan_of(plans[0]), plan_of(plans[1])};
    seen.apply = [&](std::size_t k) { expect(name, run.apply(both[k]) == mr::status::ok, "a plan was not taken"); };
    seen.start_at(0);
    run.start();
    expect(name, run.finish().ok(), "the pipeline did not end well");
    expect_equal(name, static_cast<std::int64_t>(seen.times().size()), l.events);
    return {.values = {quantile(seen.times(), 0.5), quantile(seen.times(), 0.99), quantile(seen.gaps(), 0.99)}, .cpu_ns_per_event = 0};
  };
}

/// Without changes: the batches that a change would have to wait for.
template <int Cost>
auto steady(std::array<seats, 2> plans) {
  return [plans](load const& l) -> measured {
    auto const trips = 8e-3 * probe_ns(l.smoke ? 0.2e-3 : 12e-3);
    double longest = 0;
    for (std::size_t k = 0; k < 2; ++k) {
      observer seen{plans, 0, l.smoke ? 20'000 : 2'000'000 / Cost};
      auto crew = two_workers(0);
      mr::runner run{observed<Cost>(seen), crew, {.plan = plan_of(plans[k]), .paused = true}};
      seen.start_at(k);
      run.start();
      expect(name, run.finish().ok(), "the pipeline did not end well");
      longest = std::max(longest, batch_us(mr::snapshot(run)));
    }
    auto const least = longest + trips;
    return {.values = {least, least, least}, .cpu_ns_per_event = 0};
  };
}

constexpr seats split{0, 0, 0, 1, 1};
struct shape {
  char const* job;
  std::array<seats, 2> plans;
};
constexpr shape shapes[] = {{"a stage moves", {split, {0, 0, 1, 1, 1}}}, {"workers swap", {split, {1, 1, 1, 0, 0}}}, {"fused and split", {split, {0, 0, 0, 0, 0}}}};

template <int Cost>
auto entries(char const* of) -> std::vector<entry> {
  std::vector<entry> all;
  for (auto const& s : shapes) {
    auto const job = std::string{s.job} + ", " + of;
    all.push_back({.where = &topic, .job = job, .contender = "hand-written", .variant = "one batch + 8 round trips", .run = steady<Cost>(s.plans), .part = role::limit});
    all.push_back({.where = &topic, .job = job, .contender = "millrace", .variant = "apply()", .run = changing<Cost>(s.plans)});
  }
  return all;
}

enter const light{entries<1>("1 ns stages")};
enter const heavy{entries<100>("100 ns stages")};

}  // namespace
}  // namespace bench::plan_change
