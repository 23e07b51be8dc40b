// SPDX-License-Identifier: MIT
// The model of drawn pipelines and the judge: a right run is as the model says, and each way to be wrong is found.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <millrace/run/run_inline.hpp>

#include "storm/grown.hpp"
#include "storm/subject_of.hpp"
#include "support/catch.hpp"

using namespace storm;

namespace {

template <typename Shape>
struct two_runs {
  static constexpr topology const& plan = Shape::plan;
  static constexpr bool own = plan.begins == beginning::own;
  static constexpr std::size_t producers = plan.begins == beginning::many || plan.begins == beginning::lanes ? world::many : 1;

  std::vector<std::uint64_t> counts = std::vector<std::uint64_t>(producers, 200);
  world run{plan.stages, 1024, producers}, model{plan.stages, 1024, producers};

  two_runs() {
    for (auto* w : {&run, &model}) {
      w->events = counts[0], w->keys = &keys_for(1, producers);
      Shape::prepare(*w);
      for (std::size_t k = 0; k < plan.size; ++k)
        if (plan.knots[k].fails != mishap::stop) w->stumbles[plan.knots[k].number] = 2 + k;
    }
  }
  void reckon() { Shape::reckon(model, numbered<word>{counts}); }
  void pass() {
    auto sentence = [&] {
      if constexpr (plan.begins == beginning::lanes) return Shape::sequential(run);
      else return Shape::sentence(run);
    }();
    if constexpr (own) mr::run_inline(sentence);
    else mr::run_inline(sentence, numbered<sorted<plan.events[0]>>{counts});
  }
  auto difference() -> std::string { return run.history.differs_from(model.history); }
};

template <typename Shape>
void compare() {
  INFO(Shape::name);
  two_runs<Shape> both;
  both.pass(), both.reckon();
  CHECK(both.difference() == "");
}
/// What the library might do wrong, done by the model instead.
template <typename Shape, typename Spoil>
auto spoiled(Spoil spoil) -> std::string {
  two_runs<Shape> both;
  both.pass();
  auto wrong = Shape::plan;
  spoil(wrong, both.model);
  reckoning r{wrong, both.model};
  for (auto const& e : numbered<word>{both.counts}) r.enters(e.number());
  return both.difference();
}

/// With joins of what may be missing, keys, a pool, filters in branches.
using grove = grown<20>;
/// With a filter that diverts.
using hedge = grown<14>;
/// With a stage that tries again, and skips.
using thorns = grown<21>;

}  // namespace

TEST_CASE("what a drawn pipeline does is what the model says") {
  compare<grove>();
  compare<hedge>();
  compare<thorns>();
  compare<grown<39>>();
}

TEST_CASE("pipelines are drawn again from their seed, and differ from seed to seed") {
  std::size_t joins = 0, jumps = 0, rings = 0, keyed = 0, pools = 0, doubts = 0, policies = 0;
  for (std::uint64_t s = 0; s < 100; ++s) {
    auto const a = gardener{s}.grow(), b = gardener{s}.grow(), c = gardener{s + 1}.grow();
    bool differs = a.size != c.size;
    CHECK(a.size == b.size);
    for (std::size_t k = 0; k < a.size; ++k) {
      auto const& knot = a.knots[k];
      CHECK((knot.number == b.knots[k].number && knot.in == b.knots[k].in && knot.does == b.knots[k].does));
      CHECK((knot.before >> k) == 0);  // only earlier ones
      CHECK((knot.filters & ~knot.before) == 0);
      CHECK(knot.number < a.stages);
      differs = differs || k >= c.size || knot.does != c.knots[k].does || !(knot.in == c.knots[k].in) || knot.number != c.knots[k].number;
      joins += knot.opens ? 1 : 0, jumps += knot.jumps != 0 ? 1 : 0, rings += knot.does == act::halve ? 1 : 0;
      keyed += knot.shares == sharing::keyed ? 1 : 0, pools += knot.shares == sharing::pool ? 1 : 0;
      doubts += knot.in.sure() ? 0 : 1, policies += knot.fails != mishap::stop ? 1 : 0;
    }
    CHECK(differs);
  }
  for (auto const n : {joins, jumps, rings, keyed, pools, doubts, policies}) CHECK(n > 3);
}

TEST_CASE("a stage that gets what a filter has dropped is found, and one that does not get what it should") {
  for (std::size_t k = 0; k < grove::plan.size; ++k) {
    CAPTURE(k);
    if (grove::plan.knots[k].filters != 0) CHECK(spoiled<grove>([&](topology& t, world&) { t.knots[k].filters = 0; }) != "");
    std::size_t filter = 0;
    while (filter < k && (grove::plan.knots[filter].does != act::sift || (grove::plan.knots[k].filters >> filter & 1) != 0)) ++filter;
    if (filter < k && grove::plan.knots[filter].does == act::sift) CHECK(spoiled<grove>([&](topology& t, world&) { t.knots[k].filters |= bit_of(filter); }) != "");
  }
}

TEST_CASE("a stage that gets another value, or one that is not there, is found") {
  for (std::size_t k = 0; k < grove::plan.size; ++k) {
    CAPTURE(k);
    auto const& in = grove::plan.knots[k].in;
    for (std::size_t i = 0; i < in.count; ++i)
      if (in.all[i].missing != 0) CHECK(spoiled<grove>([&](topology& t, world&) { t.knots[k].in.all[i].missing = 0; }) != "");
    if (in.count > 1) {
      CHECK(spoiled<grove>([&](topology& t, world&) { --t.knots[k].in.count; }) != "");
      CHECK(spoiled<grove>([&](topology& t, world&) { std::swap(t.knots[k].in.all[0].from, t.knots[k].in.all[1].from); }) != "");
    }
  }
}

TEST_CASE("events that fail must reach who sees failures, and nobody behind") {
  for (std::size_t k = 0; k < hedge::plan.size; ++k) {
    if (hedge::plan.knots[k].fails == mishap::stop) continue;
    CAPTURE(k);
    CHECK(spoiled<hedge>([&](topology& t, world& w) { w.stumbles[t.knots[k].number] = 37; }) != "");
    CHECK(spoiled<hedge>([&](topology& t, world&) { t.knots[k].fails = mishap::skip; }) != "");
  }
  for (std::size_t k = 0; k < thorns::plan.size; ++k)
    if (thorns::plan.knots[k].fails == mishap::retry) CHECK(spoiled<thorns>([&](topology& t, world&) { t.knots[k].fails = mishap::skip; }) != "");
  CHECK(spoiled<thorns>([&](topology& t, world&) {
          for (auto& k : t.knots) k.before = 0;  // stages behind have the events that failed
        }) != "");
}

TEST_CASE("of a keyed stage the order is a key's: what came out of it is found, and what did not is no failure") {
  two_runs<grove> both;
  auto const keyed = [] {
    std::size_t k = 0;
    while (grove::plan.knots[k].shares != sharing::keyed) ++k;
    return grove::plan.knots[k].number;
  }();
  auto& h = both.run.history;
  std::uint64_t a = 0, b = 1;
  while (zipf_key(b) != zipf_key(a)) ++b;  // of one key
  auto other = b + 1;
  while (zipf_key(other) == zipf_key(a)) ++other;
  h.comes_after(keyed, 0);
  h.pass(keyed, other, 0), h.pass(keyed, a, 0);
  CHECK(h.wrong() == "");
  SECTION("in another order") { h.pass(keyed, other + 1000, 0), h.pass(keyed, b, 0), h.pass(keyed, a, 0); }
  SECTION("twice") { h.pass(keyed, a, 0); }
  CHECK(h.wrong() != "");
}

TEST_CASE("of Zipf's keys the first are the most, and all come") {
  std::size_t times[keys_of::keys] = {};
  for (std::uint64_t n = 0; n < 100'000; ++n) ++times[zipf_key(n)];
  CHECK(times[0] > 8 * times[10]);
  CHECK(times[0] > 100'000 / 6);
  for (auto const n : times) CHECK(n > 0);
}
