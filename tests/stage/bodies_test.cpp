// SPDX-License-Identifier: MIT
#include <millrace/stage/bodies.hpp>

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "stage/rig.hpp"
#include "support/catch.hpp"
#include "support/counted.hpp"

namespace mr = millrace;
using support::counted;
using support::planned_failure;
using support::rig;

namespace {
// ---- events of every kind, each with a number in it
struct small {
  int value = 0;
};
struct with_text {
  int value = 0;
  std::string text{"a text that does not fit into the string itself"};
};
struct move_only {
  int value = 0;
  std::unique_ptr<int> owned = std::make_unique<int>(1);
};
struct with_constant {  // plain, but not assigned
  int const id = 0;
  int value = 0;
};
struct moves_only_plainly {  // plain, but not copied
  moves_only_plainly() = default;
  explicit moves_only_plainly(int v) : value{v} {}
  moves_only_plainly(moves_only_plainly&&) = default;
  auto operator=(moves_only_plainly&&) -> moves_only_plainly& = default;
  int value = 0;
};
struct no_default {
  explicit no_default(int v) : value{v} {}
  int value;
};
struct alignas(128) wide {  // plain, but not for registers
  int value = 0;
};
template <typename E>
auto make(int v) -> E {
  if constexpr (std::is_same_v<E, with_constant>) return E{.id = 0, .value = v};
  else if constexpr (std::is_constructible_v<E, int>) return E(v);
  else {
    E e;
    e.value = v;
    return e;
  }
}

// ---- one pipeline with everything that works event by event, and what it should do
struct logs {
  std::vector<std::string> doubled, decided, joined, last;
  auto operator==(logs const&) const -> bool = default;
};
template <typename E, typename P>
auto everything(P start, logs* log) {
  return std::move(start) | mr::change<"double">([](E& e) { e.value *= 2; }) |
         mr::tap<"doubled">([log](E const& e, mr::at where) {
           log->doubled.push_back(std::to_string(where.sequence) + ":" + std::to_string(e.value));
         }) |
         mr::map<"text">([](E const& e) { return std::to_string(e.value) + " and more that is not kept in the string"; }) |
         mr::filter<"not six">([log](std::string const& t) { return log->decided.push_back(t), t[0] != '6'; }) |
         mr::change<"add one">([](E& e) { ++e.value; }, mr::takes<"event">) |
         mr::map<"sum">([n = 0](E const& e) mutable { return n += e.value; }, mr::takes<"event">) |
         mr::filter<"odd">([](int const& sum) { return sum % 2 != 0; }) |
         mr::tap<"join">(
             [log](E const& e, std::string const& t, int const& sum) {
               log->joined.push_back(std::to_string(e.value) + "|" + t + "|" + std::to_string(sum));
             },
             mr::takes<"event", "text", "sum">) |
         mr::tap<"last">([log](int const& sum) { log->last.push_back(std::to_string(sum)); });
}
auto expected(int events, mr::sequence first) -> logs {
  logs log;
  int sum = 0;
  for (int i = 0; i < events; ++i) {
    auto v = 2 * i;
    log.doubled.push_back(std::to_string(first + i) + ":" + std::to_string(v));
    auto const t = std::to_string(v) + " and more that is not kept in the string";
    log.decided.push_back(t);
    if (t[0] == '6') continue;
    sum += ++v;
    if (sum % 2 == 0) continue;
    log.joined.push_back(std::to_string(v) + "|" + t + "|" + std::to_string(sum));
    log.last.push_back(std::to_string(sum));
  }
  return log;
}
constexpr unsigned all_cuts = 1u << 8;  // nine stages
}  // namespace

TEMPLATE_TEST_CASE("every cut of a pipeline does what the whole does, over the end of the ring too", "", small, with_text,
                   with_constant, moves_only_plainly, no_default, wide) {
  constexpr int events = 37;
  for (unsigned cuts = 0; cuts < all_cuts;
       cuts += std::is_same_v<TestType, small> || std::is_same_v<TestType, with_text> ? 1 : 5) {
    auto const first = mr::sequence{cuts % 8};
    logs log;
    rig r{everything<TestType>(mr::from<TestType>(), &log), 8};
    auto const end = first + events;
    mr::sequence size = 1;
    for (auto q = first; q != end; size = size % 8 + 1) {
      auto const to = q + size < end ? q + size : end;
      for (auto s = q; s != to; ++s) r.put(s, [&] { return make<TestType>(static_cast<int>(s - first)); });
      REQUIRE(r.run_cut(cuts, q, to) == to);
      REQUIRE_FALSE(r.line.failed);
      q = to;
    }
    CAPTURE(cuts);
    REQUIRE((log == expected(events, first)));
  }
}

TEMPLATE_TEST_CASE("every cut of a pipeline with its own source does so too, to the last event", "", small, move_only,
                   with_constant, no_default) {
  constexpr int events = 37;
  for (unsigned cuts = 0; cuts < 2 * all_cuts; cuts += std::is_same_v<TestType, small> ? 1 : 7) {
    logs log;
    auto source = [n = 0]() mutable -> std::optional<TestType> {
      if (n == events) return {};
      return std::optional<TestType>{make<TestType>(n++)};
    };
    rig r{everything<TestType>(mr::generate(source), &log), 8};
    mr::sequence q = 0;
    for (mr::sequence size = 1; !r.line.ended; size = size % 8 + 1) q = r.run_cut(cuts, q, q + size);
    CAPTURE(cuts);
    REQUIRE(q == events);
    REQUIRE((log == expected(events, 0)));
  }
}

TEST_CASE("an event that is changed is changed in the ring when somebody looks at it later") {
  rig r{mr::from<small>() | mr::change<"one">([](small& e) { ++e.value; }) | mr::change<"two">([](small& e) { e.value *= 10; }) |
            mr::tap<"see">([](small const&) {}),
        4};
  r.event_at(1).value = 1;
  r.run(0, 2, 1, 2);
  CHECK(r.event_at(1).value == 20);
}

TEST_CASE("a position says the sequence, and last_of_batch only at the end of what is there") {
  std::vector<std::pair<mr::sequence, bool>> seen;
  rig r{mr::from<small>() |
            mr::tap<"a">([&](small const&, mr::at where) { seen.emplace_back(where.sequence, where.last_of_batch); }),
        4};
  auto const more = GENERATE(false, true);
  r.line.more = more;
  r.run(0, 1, 2, 6);  // in two stretches
  CHECK(seen == decltype(seen){{2, false}, {3, false}, {4, false}, {5, !more}});
  CHECK(r.run(0, 1, 6, 6) == 6);
  CHECK(seen.size() == 4);
}

TEST_CASE("a position may be taken in any way that takes a temporary") {
  int calls = 0;
  rig r{mr::from<small>() | mr::tap<"value">([&](small const&, mr::at) { ++calls; }) |
            mr::tap<"const">([&](small const&, mr::at const&) { ++calls; }) |
            mr::tap<"moved">([&](small const&, mr::at&&) { ++calls; }),
        4};
  r.run(0, 3, 0, 2);
  CHECK(calls == 6);
}

TEST_CASE("a batch may be taken in any way that takes a temporary") {
  std::size_t sum = 0;
  rig r{mr::from<small>() | mr::tap<"value">([&](mr::batch<small const> b) { sum += b.size(); }, mr::in_batches) |
            mr::tap<"const">([&](mr::batch<small const> const& b) { sum += b.size(); }, mr::in_batches) |
            mr::tap<"moved">([&](mr::batch<small const>&& b) { sum += b.size(); }, mr::in_batches) |
            mr::tap<"any">([&](auto&& b) { sum += b.size(); }, mr::in_batches),
        4};
  r.run(0, 4, 0, 3);
  CHECK(sum == 12);
}

// ---- what results cost

TEST_CASE("a result that nobody outside the run takes is made once, kept for its event only, and never stored") {
  counted::begin();
  long most = 0;
  auto p = mr::from<small>() | mr::map<"counted">([](small const& e) { return counted{e.value}; }) |
           mr::tap<"look">([&](counted const& c) {
             most = counted::alive() > most ? counted::alive() : most;
             CHECK(c.value >= 0);
           });
  {
    rig r{std::move(p), 8};
    for (int i = 0; i < 8; ++i) r.put(i, [&] { return small{i}; });
    SECTION("fused") {
      r.run(0, 2, 0, 8);
      CHECK(counted::made == 8);
      CHECK(most == 1);
      CHECK(counted::alive() == 0);
      for (std::size_t i = 0; i < 8; ++i) CHECK(get<1>(r.columns.columns).made()[i] == 0);
    }
    SECTION("cut: stored until the slot is used again") {
      r.run_cut(1, 0, 8);
      CHECK(counted::made == 8);
      CHECK(counted::alive() == 8);
      r.run_cut(1, 8, 12);
      CHECK(counted::made == 12);
      CHECK(counted::alive() == 8);
      CHECK(r.result<0>(9).value == 1);
    }
  }
  CHECK(counted::alive() == 0);
  CHECK(counted::wrong == 0);
}

TEST_CASE("a result that cannot move flows through every cut") {
  struct immovable {
    explicit immovable(int v) : value{v} {}
    immovable(immovable const&) = delete;
    int value;
  };
  for (unsigned cuts = 0; cuts < 2; ++cuts) {
    int sum = 0;
    rig r{mr::from<small>() | mr::map<"fixed">([](small const& e) { return immovable{e.value}; }) |
              mr::tap<"sum">([&](immovable const& v) { sum += v.value; }),
          4};
    for (int i = 0; i < 4; ++i) r.put(i, [&] { return small{i}; });
    r.run_cut(cuts, 0, 4);
    CHECK(sum == 6);
  }
}

// ---- failures

namespace {
/// Five stages that count their calls; the k-th call of all throws.
struct failing {
  long calls = 0;
  long fail_at = 0;
  std::map<std::string, int> done;
  void call(char const* stage) {
    if (++calls == fail_at) throw planned_failure{};
    ++done[stage];
  }
};
template <typename P>
auto that_fails(P start, failing* f) {
  return std::move(start) | mr::change<"a">([f](with_text& e) { f->call("a"), ++e.value; }) |
         mr::map<"b">([f](with_text const& e) { return f->call("b"), counted{e.value}; }) |
         mr::filter<"c">([f](counted const&) { return f->call("c"), true; }) |
         mr::map<"d">([f](counted const& c) { return f->call("d"), std::string(50, static_cast<char>('a' + c.value % 26)); }) |
         mr::tap<"e">([f](std::string const&) { f->call("e"); });
}
}  // namespace

TEST_CASE("whichever call throws, the stage and the event are told, and nothing is lost") {
  constexpr int events = 6;
  constexpr long stages = 5;
  for (unsigned cuts : {0u, 1u, 5u, 10u, 15u})
    for (long k = 1; k <= events * stages + 1; ++k) {
      counted::begin();
      {
        failing f;
        f.fail_at = k;
        rig r{that_fails(mr::from<with_text>(), &f), 4};
        mr::sequence reached = 3;  // over the end of the ring
        for (auto const to : {mr::sequence{7}, mr::sequence{9}}) {
          if (r.line.failed) break;
          reached = r.run_cut(cuts, reached, to);
        }
        CAPTURE(cuts, k);
        REQUIRE(r.line.failed == (k <= events * stages));
        if (r.line.failed) {
          REQUIRE(r.error() == "planned");
          // The calls of one stage before it failed are the events it had done.
          auto const name = std::string{decltype(r)::segment::name(r.line.failed_stage)};
          REQUIRE(reached == 3 + f.done[name]);
          long all = 0;
          for (auto const& [stage, n] : f.done) all += n;
          REQUIRE(all == k - 1);
          if (cuts == 0) REQUIRE(r.line.failed_stage == static_cast<std::size_t>((k - 1) % stages));
          if (cuts == 0) REQUIRE(reached == 3 + (k - 1) / stages);
        } else {
          REQUIRE(reached == 9);
        }
      }
      REQUIRE(counted::alive() == 0);
      REQUIRE(counted::wrong == 0);
    }
}

TEST_CASE("a source that throws is told from the stages behind it, at every call") {
  constexpr int events = 5;
  constexpr long calls = 6;  // of the source and five stages
  for (unsigned cuts : {0u, 1u, 2u, 31u})
    for (long k = 1; k <= events * calls; ++k) {
      counted::begin();
      {
        failing f;
        f.fail_at = k;
        int made = 0;
        auto source = [&]() -> std::optional<with_text> {
          f.call("source");
          if (made == events) return {};
          return with_text{.value = made++};
        };
        rig r{that_fails(mr::generate(source), &f), 8};
        auto const reached = r.run_cut(cuts, 0, 8);
        CAPTURE(cuts, k);
        REQUIRE(r.line.failed);
        auto const name = std::string{decltype(r)::segment::name(r.line.failed_stage)};
        REQUIRE(reached == f.done[name]);
        if (cuts == 0) REQUIRE(r.line.failed_stage == static_cast<std::size_t>((k - 1) % calls));
      }
      REQUIRE(counted::alive() == 0);
    }
}

namespace {
struct moves_may_throw {
  static inline int throw_at = 0;
  int value = 0;
  moves_may_throw() = default;
  explicit moves_may_throw(int v) : value{v} {}
  moves_may_throw(moves_may_throw&& other) : value{other.value} {
    if (throw_at > 0 && --throw_at == 0) throw planned_failure{};
  }
  auto operator=(moves_may_throw&&) -> moves_may_throw& = default;
};
}  // namespace

TEST_CASE("an event that cannot be moved into its slot is the source's failure, not that of a stage") {
  int n = 0;
  auto const throws = [&]() -> std::optional<moves_may_throw> { return std::optional<moves_may_throw>{std::in_place, n++}; };
  auto const never = [&]() noexcept -> std::optional<moves_may_throw> {
    return std::optional<moves_may_throw>{std::in_place, n++};
  };
  auto const look = [](moves_may_throw const&) {};
  auto const check = [&](auto source) {
    n = 0;
    moves_may_throw::throw_at = 0;
    rig r{mr::generate(source) | mr::tap<"a">(look) | mr::tap<"b">(look) | mr::tap<"c">(look), 8};
    moves_may_throw::throw_at = 3;
    CHECK(r.run(0, 3, 0, 6) == 2);
    CHECK(r.line.failed);
    CHECK(r.line.failed_stage == 0);
  };
  check(throws);
  check(never);
  moves_may_throw::throw_at = 0;
}

TEST_CASE("a result that cannot be copied out of what a handler refers to is that stage's failure") {
  struct copies_may_throw {
    int value = 0;
    copies_may_throw() = default;
    copies_may_throw(copies_may_throw const& other) : value{other.value} {
      if (value == 2) throw planned_failure{};
    }
  };
  std::array<copies_may_throw, 4> kept;
  for (int i = 0; i < 4; ++i) kept[static_cast<std::size_t>(i)].value = i;
  for (unsigned cuts = 0; cuts < 4; ++cuts) {
    rig r{mr::from<small>() | mr::tap<"first">([](small const&) {
          }) | mr::map<"refer">([&](small const& e) noexcept -> copies_may_throw const& {
            return kept[static_cast<std::size_t>(e.value)];
          }) | mr::tap<"look">([](copies_may_throw const&) {}),
          4};
    for (int i = 0; i < 4; ++i) r.put(i, [&] { return small{i}; });
    CHECK(r.run_cut(cuts, 0, 4) == 2);
    CHECK(r.line.failed);
    CHECK(r.line.failed_stage == 1);
  }
}

TEST_CASE("what a handler counted is still there after it threw") {
  struct counts {
    int n = 0;
    void operator()(small const&) {
      if (++n == 3) throw planned_failure{};
    }
  };
  rig r{mr::from<small>() | mr::tap<"a">(counts{}) | mr::tap<"b">(counts{.n = 10}), 8};
  CHECK(r.run(0, 2, 0, 8) == 2);
  CHECK(get<0>(r.pipeline.nodes).f.n == 3);
  CHECK(get<1>(r.pipeline.nodes).f.n == 12);
}

TEST_CASE("the state of a large source stays where it is") {
  struct table {
    std::array<int, 100'000> numbers{};
    table* itself = nullptr;
    int moved = 0, n = 0;
    auto operator()() -> std::optional<int> {
      if (this != itself) ++moved;
      return n == 3 ? std::nullopt : std::optional{numbers[static_cast<std::size_t>(n++)]};
    }
  };
  static table origin;  // too large for some stacks
  auto const sentence = [] { return mr::generate(origin) | mr::tap<"a">([](int const&) {}); };
  std::unique_ptr<decltype(sentence())> const p{new decltype(sentence())(sentence())};
  p->from.next.itself = &p->from.next;
  using segment = mr::segment<std::remove_reference_t<decltype(*p)>>;
  segment::slot_layout slots;
  slots.allocate(mr::capacity{8}, [](void*, std::size_t) {});
  mr::line<segment> line{};
  line.slots = &slots, line.nodes = &p->nodes, line.from = &p->from, line.mask = 7;
  CHECK(mr::body_table<segment>::compose(0, 2).part[0](line, 0, 8) == 3);
  CHECK(line.ended);
  CHECK(p->from.next.moved == 0);
}

TEST_CASE("a source alone fills the ring and says where it ended") {
  rig r{mr::generate([n = 0]() mutable -> std::optional<int> { return n == 11 ? std::nullopt : std::optional{n++}; }) |
            mr::tap<"a">([](int const&) {}),
        8};
  CHECK(r.run(0, 1, 0, 8) == 8);
  CHECK_FALSE(r.line.ended);
  for (int i = 0; i < 8; ++i) CHECK(r.event_at(i) == i);
  CHECK(r.run(0, 1, 8, 16) == 11);
  CHECK(r.line.ended);
  CHECK(r.event_at(10) == 10);
  CHECK(r.event_at(3) == 3);
}

// ---- filters and their marks

TEST_CASE("a dropped event is marked by the filter that dropped it and by those behind, and the mark of the last lap is gone") {
  auto p = mr::from<small>() | mr::filter<"even">([](small const& e) { return e.value % 2 == 0; }) |
           mr::tap<"a">([](small const&) {}) | mr::filter<"not four">([](small const& e) { return e.value != 4; }) |
           mr::tap<"b">([](small const&) {});
  for (unsigned cuts : {1u, 3u, 5u, 7u}) {
    auto copy = p;
    rig r{std::move(copy), 4};
    for (mr::sequence q = 0; q != 12; q += 4) {
      for (auto s = q; s != q + 4; ++s) r.put(s, [&] { return small{static_cast<int>(s)}; });
      r.run_cut(cuts, q, q + 4);
      for (auto s = q; s != q + 4; ++s) {
        CAPTURE(cuts, s);
        CHECK((r.status(s, 0) != 0) == (s % 2 != 0));
        if ((cuts & 4) != 0) CHECK((r.status(s, 2) != 0) == (s % 2 != 0 || s == 4));  // it says what the first one said, too
      }
    }
  }
}

TEST_CASE("a dropped event costs no call of what is behind the filter") {
  int calls = 0;
  rig r{mr::from<small>() | mr::filter<"none">([](small const&) { return false; }) |
            mr::map<"m">([&](small const& e) { return ++calls, e.value; }) | mr::tap<"t">([&](int const&) { ++calls; }),
        8};
  for (unsigned cuts = 0; cuts < 4; ++cuts) r.run_cut(cuts, 0, 8);
  CHECK(calls == 0);
}

TEST_CASE("what a filter in a branch dropped arrives as a null pointer, wherever the runs are cut") {
  // two branches, built by hand: [filter, map] and nothing; then a tap that takes both
  std::vector<std::string> seen;
  auto keep_odd = [](small const& e) { return e.value % 2 != 0; };
  auto as_text = [](small const& e) { return std::to_string(e.value); };
  auto join = [&seen](small const& e, std::string const* t) {
    seen.push_back(std::to_string(e.value) + (t != nullptr ? "=" + *t : ""));
  };
  using event = mr::value<-1, small>;
  using filter = mr::node<"odd", mr::facts{.does = mr::verb::filter, .form = mr::shape::each, .touches = 1},
                          decltype(keep_odd), mr::values<event>, bool>;
  using map = mr::node<
      "text",
      mr::facts{.does = mr::verb::map, .form = mr::shape::each, .after = 1, .before = 1, .filters = 1, .asks = 1, .touches = 1},
      decltype(as_text), mr::values<event>, std::string>;
  using tap =
      mr::node<"join", mr::facts{.does = mr::verb::tap, .form = mr::shape::each, .after = 2, .before = 3, .asks = 1, .touches = 0b101},
               decltype(join), mr::values<event, mr::value<1, std::string, 1>>, void>;
  using pipeline = mr::pipeline<mr::source<small, mr::nothing>, mr::tip<0, small, 4, 0, mr::values<event>>, filter, map, tap>;
  for (unsigned cuts = 0; cuts < 4; ++cuts) {
    seen.clear();
    rig r{pipeline{{}, {{{keep_odd}}, {{as_text}}, {{join}}}}, 4};
    for (int lap = 0; lap < 8; lap += 4) {
      for (int i = lap; i < lap + 4; ++i) r.put(i, [&] { return small{i + lap / 4}; });  // the other way round in the second lap
      REQUIRE(r.run_cut(cuts, lap, lap + 4) == lap + 4);
    }
    CAPTURE(cuts);
    CHECK(seen == std::vector<std::string>{"0", "1=1", "2", "3=3", "5=5", "6", "7=7", "8"});
  }
}

// ---- whole batches

TEST_CASE("a batch handler is called once for each contiguous stretch") {
  std::vector<std::pair<mr::sequence, std::size_t>> calls;
  rig r{mr::from<small>() | mr::change<"a">(
                                [&](mr::batch<small> b) {
                                  calls.emplace_back(b.first_sequence(), b.size());
                                  for (auto& e : b) e.value += 100;
                                },
                                mr::in_batches),
        8};
  CHECK(r.run(0, 1, 5, 13) == 13);
  CHECK(calls == decltype(calls){{5, 3}, {8, 5}});
  for (mr::sequence s = 5; s < 13; ++s) CHECK(r.event_at(s).value == 100);
  calls.clear();
  CHECK(r.run(0, 1, 16, 24) == 24);
  CHECK(calls == decltype(calls){{16, 8}});
  CHECK(r.run(0, 1, 24, 24) == 24);
  CHECK(calls.size() == 1);
}

TEST_CASE("batch by batch gives what event by event gives, filters and results too") {
  std::vector<std::string> seen;
  rig r{mr::from<small>() |
            mr::filter<"even">(
                [](mr::batch<small const> b, mr::verdicts& out) {
                  for (auto const& e : b) out(e.value % 2 == 0);
                },
                mr::in_batches) |
            mr::map<"text">(
                [](mr::batch<small const> b, mr::results<std::string>& out) {
                  for (auto const& e : b) out(std::to_string(e.value));
                },
                mr::in_batches) |
            mr::filter<"not ten">(
                [](mr::batch<std::string const> b, mr::verdicts& out) {
                  for (auto const& t : b) out(t != "10");
                },
                mr::in_batches) |
            mr::tap<"see">(
                [&](mr::batch<std::string const> b) {
                  for (auto const& t : b) seen.push_back(t);
                },
                mr::in_batches) |
            mr::tap<"one by one">([&](small const& e, std::string const& t) { CHECK(std::to_string(e.value) == t); },
                                  mr::takes<"event", "text">),
        8};
  for (mr::sequence q = 3; q < 30; q += 6) {
    for (auto s = q; s < q + 6; ++s) r.put(s, [&] { return small{static_cast<int>(s)}; });
    REQUIRE(r.run(0, 5, q, q + 6) == q + 6);
    REQUIRE_FALSE(r.line.failed);
  }
  CHECK(seen == std::vector<std::string>{"4", "6", "8", "12", "14", "16", "18", "20", "22", "24", "26", "28", "30", "32"});
}

TEST_CASE("a batch handler with too few or too many answers has failed, and events without an answer are not done") {
  int answers = 0;
  auto const run = [&](auto const& p) {
    auto copy = p;
    rig r{std::move(copy), 4};
    auto const reached = r.run(0, 1, 2, 4);
    CHECK(r.line.failed);
    CHECK(r.line.failed_stage == 0);
    CHECK(reached == (answers == 0 ? 2 : 3));  // at the last one, if it threw behind it
    CHECK_THROWS_AS(std::rethrow_exception(r.line.error), mr::bad_batch);
    CHECK_THROWS_AS(std::rethrow_exception(r.line.error), mr::error);
    return r.error();
  };
  auto const map = mr::from<small>() | mr::map<"m">(
                                           [&](mr::batch<small const>, mr::results<std::string>& out) {
                                             for (int i = 0; i < answers; ++i)
                                               out("a result that is too long to be kept in place");
                                           },
                                           mr::in_batches);
  auto const filter = mr::from<small>() | mr::filter<"f">(
                                              [&](mr::batch<small const>, mr::verdicts& out) {
                                                for (int i = 0; i < answers; ++i) out(true);
                                              },
                                              mr::in_batches);
  for (int const few : {0, 1}) {
    answers = few;
    CHECK(run(map) == "millrace: a batch handler made fewer results than it got events");
    CHECK(run(filter) == "millrace: a batch filter gave fewer answers than it got events");
  }
  answers = 3;
  CHECK(run(map) == "millrace: a batch handler made more results than it got events");
  CHECK(run(filter) == "millrace: a batch filter gave more answers than it got events");
}

TEST_CASE("a batch handler that throws in the second stretch has done the first and what has a result, which is destroyed once") {
  counted::begin();
  {
    int calls = 0;
    rig r{mr::from<small>() | mr::map<"m">(
                                  [&](mr::batch<small const> b, mr::results<counted>& out) {
                                    for (auto const& e : b) {
                                      if (++calls == 5) throw planned_failure{};
                                      out(e.value);
                                    }
                                  },
                                  mr::in_batches),
          4};
    CHECK(r.run(0, 1, 1, 5) == 5);
    CHECK_FALSE(r.line.failed);
    CHECK(counted::alive() == 4);
    CHECK(r.run(0, 1, 5, 9) == 5);  // the fifth call is the first of these
    CHECK(r.line.failed);
    r.line.failed = false;
    calls = 1;  // the fifth call is the second of the second stretch
    CHECK(r.run(0, 1, 6, 10) == 9);  // the first of it has its result
    CHECK(r.line.failed);
    CHECK(counted::alive() == 4);
  }
  CHECK(counted::alive() == 0);
  CHECK(counted::wrong == 0);
}
