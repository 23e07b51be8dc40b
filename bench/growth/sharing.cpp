// SPDX-License-Identifier: MIT
// From which cost of an event on is one stage faster on two workers than on one? A source, the stage, and a fold that needs the order;
// the stage is keyed (dealt to 64 lanes by a key), or without state (a pool, or half of the lanes each).
#include <array>
#include <optional>
#include <vector>

#include "growth/curve.hpp"
#include "support/burn.hpp"
#include "support/check.hpp"
#include "support/hand_written.hpp"
#include "support/millrace.hpp"

namespace bench::growth {
namespace {

constexpr topology keyed = curve("growth_keyed", "nanoseconds of a keyed stage, on one worker and on two, ring of 8192", 107);
constexpr topology pool = curve("growth_pool", "nanoseconds of a stage without state, on one worker and on two, ring of 8192", 108);
constexpr std::int64_t capacity = 8192;
constexpr std::array<std::int64_t, 9> costs{5, 10, 20, 30, 50, 75, 100, 200, 400};

struct event {
  std::int64_t key, number;
};
struct source {
  std::int64_t end;
  std::int64_t next = 0;
  auto operator()() noexcept -> std::optional<event> {
    if (next == end) return std::nullopt;
    event const e{static_cast<std::int64_t>(static_cast<std::uint64_t>(next) * 0x5851f42d4c957f2dU >> 40), next};  // keys that differ from event to event
    return ++next, e;
  }
};
/// The stage; a key's own state would be one more look at memory, on one worker as on two.
struct work {
  std::int64_t links;
  auto operator()(event const& e) const noexcept -> std::uint64_t {
    auto const x = static_cast<std::uint64_t>(e.number);
    static_cast<void>(opaque(burn(links, x)));
    return x * 3 + 1;
  }
};
struct keyed_work : work {
  std::int64_t seen = 0;  // for each of 64 groups of keys
  auto operator()(event const& e) noexcept -> std::uint64_t { return ++seen, work::operator()(e); }
};
/// The obvious way: each of two stages reads every event, and runs those whose keys are its own.
struct half : work {
  std::size_t which;
  auto operator()(event const& e) const noexcept -> std::uint64_t { return mr::lane_of_key(e.key) / 32 == which ? work::operator()(e) : 0; }
};
struct fold {
  std::uint64_t folded = 0;
  void operator()(std::uint64_t v) noexcept { folded = folded * 31 + v; }
  void operator()(std::uint64_t v, std::uint64_t other) noexcept { operator()(v + other); }  // of which one is 0
};
auto expected(std::int64_t events) -> std::int64_t {
  fold f;
  for (std::int64_t i = 0; i < events; ++i) f(static_cast<std::uint64_t>(i) * 3 + 1);
  return static_cast<std::int64_t>(f.folded);
}

auto by_hand(std::int64_t ns) {
  return [ns](load const& l) {
    fold last;
    work const stage{links_for(static_cast<double>(ns))};
    auto const result = one_loop(l.events, [&] {
      source from{.end = l.events};
      fold to;
      while (auto e = from()) to(stage(*e));
      last = to;
    });
    expect_equal("growth of a stage, one loop", static_cast<std::int64_t>(last.folded), expected(l.events));
    return result;
  };
}

/// Of a pipeline behind a source, to its fold.
template <typename Sentence>
auto run_through(load const& l, Sentence&& sentence, fold const& seen, mr::workers crew, mr::grouping const& plan) -> measured {
  constexpr char const* name = "growth of a stage, millrace";
  mr::runner run{std::forward<Sentence>(sentence), crew, {.capacity = capacity, .plan = plan, .paused = true}};
  auto const result = run_to_end(run, name, l.events);
  expect_equal(name, static_cast<std::int64_t>(seen.folded), expected(l.events));
  return result;
}
template <typename Stage, typename... Option>
auto on(std::size_t workers, mr::grouping const& plan, std::int64_t ns, Option... option) {
  return [=](load const& l) {
    fold seen;
    return run_through(l, mr::generate(source{.end = l.events}) | mr::map<"work">(Stage{work{links_for(static_cast<double>(ns))}}, option...) | mr::tap<"fold">(reporting<fold>{{}, &seen}), seen,
                       workers == 1 ? one_worker() : two_workers(0), plan);
  };
}
auto each_reads_all(std::int64_t ns) {
  return [=](load const& l) {
    fold seen;
    work const stage{links_for(static_cast<double>(ns))};
    return run_through(l, mr::generate(source{.end = l.events}) | mr::fan_out(mr::map<"low">(half{stage, 0}), mr::map<"high">(half{stage, 1})) | mr::tap<"fold">(reporting<fold>{{}, &seen}), seen,
                       two_workers(0), mr::groups{{"source", "low", "fold"}, {"high"}});
  };
}

/// Source, lanes of the keys, work, fold: the second worker has nothing else, so it has a few lanes more.
auto uneven(unsigned lanes_of_the_first) -> mr::plan {
  auto const mine = mr::lanes_between(0, lanes_of_the_first);
  mr::plan p{2, 4};
  p.give(0, 0, 1), p.give(0, 1, 1), p.give(0, 2, mine), p.give(1, 2, ~mine), p.give(0, 3, 1);
  return p;
}

auto everything() -> std::vector<entry> {
  std::vector<entry> all;
  for (auto const ns : costs) {
    auto const share = 25.0 / static_cast<double>(ns + 25);
    auto const add = [&](topology const& where, char const* variant, std::function<measured(load const&)> run, role part = role::contender) {
      all.push_back(point(where, ns, "ns", "millrace", variant, part, share, std::move(run)));
    };
    for (auto const* where : {&keyed, &pool}) all.push_back(point(*where, ns, "ns", "hand-written", "one loop", role::contender, share, by_hand(ns)));
    add(keyed, "one worker", on<keyed_work>(1, mr::fused, ns, mr::keyed_by(&event::key)), role::limit);
    add(keyed, "two, 32 + 32 groups", on<keyed_work>(2, uneven(32), ns, mr::keyed_by(&event::key)));
    add(keyed, "two, 24 + 40 groups", on<keyed_work>(2, uneven(24), ns, mr::keyed_by(&event::key)));
    add(keyed, "two, each reads every event", each_reads_all(ns));
    add(pool, "one worker", on<work>(1, mr::fused, ns, mr::stateless), role::limit);
    add(pool, "two, a pool", on<work>(2, mr::groups{{"source", "work", "fold"}, {"work"}}, ns, mr::stateless));
    add(pool, "two, half of the lanes each", on<work>(2, halves(), ns, mr::stateless));
  }
  return all;
}
enter const entered{everything()};

}  // namespace
}  // namespace bench::growth
