// SPDX-License-Identifier: MIT
// A small pipeline again and again on this thread: the first call of any handler throws, then the second, and so on, until a run has
// no more calls. Each run is judged by a sequential reading of the same events. Handlers say who they are by a letter.
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <exception>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <millrace.hpp>

namespace every_call {

namespace mr = millrace;

/// What becomes of an event whose handler throws.
enum class how { stop, skip, divert, retry, retry_skip, retry_divert };
constexpr auto forgives(how h) -> bool { return h != how::stop && h != how::retry; }
constexpr auto diverts(how h) -> bool { return h == how::divert || h == how::retry_divert; }
constexpr auto tries_again(how h) -> bool { return h == how::retry || h == how::retry_skip || h == how::retry_divert; }

/// Where nothing may be tried again.
constexpr auto at_once(how h) -> how { return h == how::retry ? how::stop : h == how::retry_skip ? how::skip : h == how::retry_divert ? how::divert : h; }

struct blown : std::runtime_error {
  blown() : std::runtime_error{"this call"} {}
};

/// What the handlers of one run share.
class witness {
 public:
  /// Call number `at` throws, counted from 1 over all stages, and then `again` times the same stage at the same event.
  explicit witness(long at, int again = 0) : at_{at}, again_{again} {}

  enum class place { none, handler, start, batch_end, stop };
  struct spot {
    place in = place::none;
    char stage = 0;
    int event = 0;
    int times = 0;   // that it has thrown
    int made = 0;    // events of the next ring before that, of a stage that expands
  };
  spot threw;
  /// Done in place of throwing.
  std::function<void()> act;

  /// Stage `s` has event `n`.
  void call(char s, int n) {
    turn(place::handler, s, n, 0);
    seen[s].push_back(n);
  }
  /// Stage `s` has made so many of event `n`.
  void step(char s, int n, int made) { turn(place::handler, s, n, made); }
  void hear(char s, place what) {
    if (what == place::start) ++starts[s];
    if (what == place::stop) ++stops[s];
    turn(what, s, 0, 0);
  }
  [[nodiscard]] auto has_thrown() const -> bool { return threw.times != 0; }
  [[nodiscard]] auto calls() const -> long { return calls_; }
  /// It has come to the call that is to throw.
  [[nodiscard]] auto reached() const -> bool { return calls_ >= at_; }

  std::map<char, std::vector<int>> seen;  // by stage: the events that it has done, in its order
  std::map<char, int> starts, stops;

 private:
  void turn(place in, char s, int n, int made) {
    ++calls_;
    bool const same = again_ > 0 && has_thrown() && in == place::handler && threw.in == in && threw.stage == s && threw.event == n && threw.made == made;
    if (calls_ != at_ && !same) return;
    if (same) --again_;
    auto const before = threw;
    threw = {in, s, n, threw.times + 1, made};
    if (!act) throw blown{};
    act();
    threw = before;  // nothing was thrown
  }
  long at_, calls_ = 0;
  int again_;
};

// ---- handlers; of several values the last says which event it is
inline auto id(int n) -> int { return n; }
template <typename First>
auto id(First const&, int n) -> int { return n; }

struct look {
  witness* w;
  char s;
  template <typename... V>
  void operator()(V const&... v) const { w->call(s, id(v...)); }
};
struct alter {
  witness* w;
  char s;
  void operator()(int& n) const { w->call(s, n); }
};
struct make {
  witness* w;
  char s;
  auto operator()(int n) const -> int { return w->call(s, n), n; }
};
struct sift {
  witness* w;
  char s;
  static constexpr auto keeps(int n) -> bool { return n % 3 != 1; }
  auto operator()(int n) const -> bool { return w->call(s, n), keeps(n); }
};
/// n % 3 events, 10 n and those that follow, made one by one.
struct unfold {
  witness* w;
  char s;
  static constexpr auto count(int n) -> int { return n % 3; }
  struct range {
    witness* w;
    char s;
    int n;
    struct iterator {
      range const* of;
      int k;
      auto operator*() const -> int { return 10 * of->n + k; }
      auto operator++() -> iterator& { return of->w->step(of->s, of->n, ++k), *this; }
      auto operator==(iterator const& other) const -> bool { return k == other.k; }
    };
    [[nodiscard]] auto begin() const -> iterator { return {this, 0}; }
    [[nodiscard]] auto end() const -> iterator { return {this, count(n)}; }
  };
  auto operator()(int n) const -> range { return w->call(s, n), range{w, s, n}; }
};
/// Of all of a batch, one by one.
struct look_at_all {
  witness* w;
  char s;
  void operator()(mr::batch<int const> all) const {
    for (auto i = all.begin(); i != all.end(); ++i) all.done_before(i), w->call(s, *i);
  }
};
struct alter_all {
  witness* w;
  char s;
  void operator()(mr::batch<int> all) const {
    for (auto i = all.begin(); i != all.end(); ++i) all.done_before(i), w->call(s, *i);
  }
};
struct make_all {
  witness* w;
  char s;
  void operator()(mr::batch<int const> all, mr::results<int>& out) const {
    for (auto n : all) w->call(s, n), out(n);
  }
};
struct sift_all {
  witness* w;
  char s;
  void operator()(mr::batch<int const> all, mr::verdicts& out) const {
    for (auto n : all) w->call(s, n), out(sift::keeps(n));
  }
};
template <typename F>
struct hooked : F {
  void on_start() const { this->w->hear(this->s, witness::place::start); }
  void on_batch_end() const { this->w->hear(this->s, witness::place::batch_end); }
  void on_stop() const { this->w->hear(this->s, witness::place::stop); }
};
struct salvage {
  witness* w;
  char s;
  void operator()(int n, std::exception_ptr const& e) const { w->call(s, e == nullptr ? -1 : n); }
  template <typename First>
  void operator()(First const&, int n, std::exception_ptr const& e) const { w->call(s, e == nullptr ? -1 : n); }
};

/// The option: whoever sees the failures of stage "a" is stage "A".
template <how H, mr::fixed_string Dead>
auto if_it_fails(witness& w) {
  [[maybe_unused]] salvage const dead{&w, Dead.view()[0]};
  using namespace std::chrono_literals;
  if constexpr (H == how::stop) return mr::on_error(mr::stop_all);
  else if constexpr (H == how::skip) return mr::on_error(mr::skip);
  else if constexpr (H == how::divert) return mr::on_error(mr::divert<Dead>(dead));
  else if constexpr (H == how::retry) return mr::on_error(mr::retry(1, 0ns));
  else if constexpr (H == how::retry_skip) return mr::on_error(mr::retry(1, 0ns, mr::skip));
  else return mr::on_error(mr::retry(1, 0ns, mr::divert<Dead>(dead)));
}

// ---- a sequential reading
enum class kind { each, filter, expand, compact, dead };
struct knot {
  char stage;
  how rule;
  std::string_view before{};   // those whose failures it does not get
  std::string_view minds{};    // the filters whose no it minds
  kind is = kind::each;
  bool shared = false;         // by several workers: its order is not that of the ring
};
using rings = std::vector<std::vector<knot>>;
/// The stages of a pipeline, and for those that divert the one that sees what they fail at: of stage a it is A.
inline auto with_the_dead(rings plan) -> rings {
  for (auto& ring : plan)
    for (std::size_t i = 0; i < ring.size(); ++i)
      if (auto const k = ring[i]; diverts(k.rule)) ring.insert(ring.begin() + static_cast<std::ptrdiff_t>(++i), {static_cast<char>(k.stage - 'a' + 'A'), how::stop, k.before, {}, kind::dead});
  return plan;
}

/// What each stage has to see of the events of its ring.
struct reading {
  /// A tombstone is -1. `fails(stage, event)`: it reaches nobody behind the stage.
  template <typename Fails>
  reading(rings const& plan, std::vector<int> first, Fails fails, witness const& w) {
    events.push_back(std::move(first));
    for (auto const& ring : plan) {
      std::vector<int> next;
      for (int const n : events.back()) {
        if (n < 0) continue;
        std::string failed, dropped;
        for (auto const& k : ring) {
          auto const in = [](std::string_view all, std::string const& some) { return some.find_first_of(all) != some.npos; };
          if (k.is == kind::dead ? failed.find(static_cast<char>(k.stage - 'A' + 'a')) == failed.npos : in(k.before, failed) || in(k.minds, dropped)) continue;
          int children = k.is == kind::compact ? 1 : k.is == kind::expand ? unfold::count(n) : 0;
          if (fails(k.stage, n)) {
            failed += k.stage;
            children = w.threw.made;
            if (children != 0) seen[k.stage].push_back(n);  // its handler has had it
          } else {
            seen[k.stage].push_back(n);
            if (k.is == kind::filter && !sift::keeps(n)) dropped += k.stage;
          }
          for (int c = 0; c < children; ++c) next.push_back(k.is == kind::compact ? n : 10 * n + c);
        }
      }
      events.push_back(std::move(next));
    }
  }
  std::vector<std::vector<int>> events;  // of each ring
  std::map<char, std::vector<int>> seen;
};

}  // namespace every_call
