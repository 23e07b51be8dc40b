// SPDX-License-Identifier: MIT
// What sentences do when they run: by hand, over a ring, and with every cut of the chain into runs.
#include <millrace/dsl/sentence.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "stage/rig.hpp"
#include "support/catch.hpp"

namespace mr = millrace;
using support::rig;

namespace {
constexpr mr::sequence events = 20;  // over a ring of eight, twice around and a half

/// Runs `make(out)` over `events` numbers with every cut into runs, and checks that each writes what `expected` says.
template <typename Make>
void every_cut_writes(Make make, std::vector<std::string> const& expected) {
  using segment = typename rig<decltype(make(std::declval<std::vector<std::string>&>()))>::segment;
  for (unsigned cuts = 0; cuts < 1u << (segment::stages - 1); ++cuts) {
    std::vector<std::string> out;
    rig r{make(out), 8};
    for (mr::sequence at = 0; at < events;) {
      auto end = at + 5 < events ? at + 5 : events;  // not aligned to the ring
      if constexpr (!segment::own_source)
        for (auto s = at; s < end; ++s) r.put(s, [&] { return typename segment::event(static_cast<int>(s)); });
      at = r.run_cut(cuts, at, end);
      if (r.line.ended) break;
    }
    INFO("cuts " << cuts);
    CHECK(out == expected);
  }
}

struct order {
  order() = default;
  explicit order(int q) : quantity{q} {}
  int quantity = 0;
  [[nodiscard]] auto is_even() const -> bool { return quantity % 2 == 0; }
  void triple() { quantity *= 3; }
};
struct alignas(128) wide {
  wide() = default;
  explicit wide(int v) : value{v} {}
  int value = 0;
};
struct moves_only {  // no default constructor either
  explicit moves_only(int v) : value{std::make_unique<int>(v)} {}
  std::unique_ptr<int> value;
};
auto half(int const& q) -> int { return q / 2; }
struct many {  // overloads
  std::vector<std::string>* out;
  void operator()(int const& i) const { out->push_back("int " + std::to_string(i)); }
  void operator()(std::string const& s) const { out->push_back("string " + s); }
};
template <typename F>
auto lines(F line) -> std::vector<std::string> {
  std::vector<std::string> all;
  for (int i = 0; i < static_cast<int>(events); ++i)
    if (auto text = line(i); !text.empty()) all.push_back(text);
  return all;
}
}  // namespace

TEST_CASE("a chain of all verbs, with handlers of all kinds") {
  every_cut_writes(
      [](auto& out) {
        return mr::from<order>() | mr::change<"triple">(&order::triple) | mr::map<"quantity">(&order::quantity) | mr::map<"half">(half) | mr::filter<"odd">([](auto const& h) { return h % 2 == 1; }) |
               mr::tap<"write">(many{&out});
      },
      lines([](int i) { return 3 * i / 2 % 2 == 1 ? "int " + std::to_string(3 * i / 2) : std::string{}; }));
}

TEST_CASE("values by name: earlier results and the event, and what flows on is untouched by it") {
  every_cut_writes(
      [](auto& out) {
        return mr::from<order>() | mr::map<"a">([](order const& o) { return o.quantity + 1; }) | mr::map<"b">([](int const& a) { return std::to_string(a); }) |
               mr::tap<"aside">([](order const&, int const&) {}, mr::takes<"event", "a">) | mr::change<"mark">([](std::string& b) { b += '!'; }) |
               mr::tap<"write">([&out](std::string const& b, order const& o, int const& a) { out.push_back(b + std::to_string(o.quantity) + ' ' + std::to_string(a)); },
                                mr::takes<"b", "event", "a">);
      },
      lines([](int i) { return std::to_string(i + 1) + '!' + std::to_string(i) + ' ' + std::to_string(i + 1); }));
}

TEST_CASE("a change of the event is seen by what follows, and not by results made before") {
  every_cut_writes(
      [](auto& out) {
        return mr::from<order>() | mr::map<"before">(&order::quantity) | mr::change<"triple">([](order& o) { o.triple(); }, mr::takes<"event">) |
               mr::map<"after">(&order::quantity, mr::takes<"event">) |
               mr::tap<"write">([&out](int const& b, int const& a) { out.push_back(std::to_string(b) + ' ' + std::to_string(a)); }, mr::takes<"before", "after">);
      },
      lines([](int i) { return std::to_string(i) + ' ' + std::to_string(3 * i); }));
}

TEST_CASE("a change alters several values at once") {
  every_cut_writes(
      [](auto& out) {
        return mr::from<order>() | mr::map<"copy">(&order::quantity) | mr::change<"swap">([](order& o, int& copy) { std::swap(o.quantity, ++copy); }, mr::takes<"event", "copy">) |
               mr::tap<"write">([&out](order const& o, int const& copy) { out.push_back(std::to_string(o.quantity) + ' ' + std::to_string(copy)); },
                                mr::takes<"event", "copy">);
      },
      lines([](int i) { return std::to_string(i + 1) + ' ' + std::to_string(i); }));
}

TEST_CASE("an event goes on if every filter before says so") {
  every_cut_writes(
      [](auto& out) {
        return mr::from<order>() | mr::filter<"even">(&order::is_even) | mr::map<"q">(&order::quantity) | mr::filter<"not eight">([](int const& q) { return q != 8; }) |
               mr::filter<"small">([](order const& o) { return o.quantity < 13; }, mr::takes<"event">) |
               mr::tap<"write">([&out](int const& q, mr::at where) { out.push_back(std::to_string(q) + '@' + std::to_string(where.sequence)); });
      },
      lines([](int i) { return i % 2 == 0 && i != 8 && i < 13 ? std::to_string(i) + '@' + std::to_string(i) : std::string{}; }));
}

TEST_CASE("batches of every verb, between stages that take single values") {
  every_cut_writes(
      [](auto& out) {
        return mr::from<order>() | mr::filter<"even">([](mr::batch<order const> b, mr::verdicts& answer) { for (auto const& o : b) answer(o.is_even()); }, mr::in_batches) |
               mr::change<"triple">([](mr::batch<order> b) { for (auto& o : b) o.triple(); }, mr::in_batches) |
               mr::map<"text">([](mr::batch<order const> b, mr::results<std::string>& made) { for (auto const& o : b) made(std::to_string(o.quantity)); }, mr::in_batches) |
               mr::change<"mark">([](std::string& s) { s += '!'; }) |
               mr::tap<"write">([&out](mr::batch<std::string const> b) { for (auto const& s : b) out.push_back(s); }, mr::in_batches);
      },
      lines([](int i) { return i % 2 == 0 ? std::to_string(3 * i) + "!" : std::string{}; }));
}

TEST_CASE("a batch of values by name") {
  every_cut_writes(
      [](auto& out) {
        return mr::from<order>() | mr::map<"a">(&order::quantity) | mr::map<"b">([](int const& a) { return 2L * a; }) |
               mr::tap<"write">([&out](mr::batch<int const> b) { for (int i : b) out.push_back(std::to_string(i)); }, mr::in_batches, mr::takes<"a">);
      },
      lines([](int i) { return std::to_string(i); }));
}

TEST_CASE("a source of its own is a stage that can be cut off like any other") {
  every_cut_writes(
      [](auto& out) {
        return mr::generate([n = 0]() mutable -> std::optional<order> { return n == 13 ? std::nullopt : std::optional{order{n++}}; }) | mr::filter<"even">(&order::is_even) |
               mr::change<"triple">(&order::triple) | mr::tap<"write">([&out](order const& o) { out.push_back(std::to_string(o.quantity)); });
      },
      lines([](int i) { return i < 13 && i % 2 == 0 ? std::to_string(3 * i) : std::string{}; }));
}

TEST_CASE("events that only move, without a default constructor, from outside and from a source") {
  auto const expected = lines([](int i) { return std::to_string(i + 1); });
  auto const rest = [](auto& out) {
    return mr::change<"add">([](moves_only& e) { ++*e.value; }) | mr::map<"pointer">([](moves_only const& e) { return std::make_unique<int>(*e.value); }) |
           mr::tap<"write">([&out](std::unique_ptr<int> const& p) { out.push_back(std::to_string(*p)); });
  };
  every_cut_writes([&](auto& out) { return mr::from<moves_only>() | rest(out); }, expected);
  every_cut_writes(
      [&](auto& out) {
        return mr::generate([n = 0]() mutable { return n == static_cast<int>(events) ? std::nullopt : std::optional<moves_only>{std::in_place, n++}; }) | rest(out);
      },
      expected);
}

TEST_CASE("over-aligned events and results lie where they must") {
  every_cut_writes(
      [](auto& out) {
        auto const aligned = [](wide const& w) { return reinterpret_cast<std::uintptr_t>(&w) % alignof(wide) == 0; };
        return mr::from<wide>() | mr::filter<"event aligned">(aligned) | mr::map<"double">([](wide const& w) { return wide{2 * w.value}; }) | mr::filter<"result aligned">(aligned) |
               mr::tap<"write">([&out](wide const& w) { out.push_back(std::to_string(w.value)); });
      },
      lines([](int i) { return std::to_string(2 * i); }));
}

TEST_CASE("a handler keeps its state, also when it only moves") {
  every_cut_writes(
      [](auto& out) {
        return mr::from<order>() | mr::map<"sum">([sum = 0](order const& o) mutable { return sum += o.quantity; }) |
               mr::tap<"write">([&out, n = std::make_unique<int>(0)](int const& sum) { out.push_back(std::to_string((*n)++) + ' ' + std::to_string(sum)); });
      },
      lines([](int i) { return std::to_string(i) + ' ' + std::to_string(i * (i + 1) / 2); }));
}
