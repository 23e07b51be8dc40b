// SPDX-License-Identifier: MIT
// What is told about an event is what happened to it, whoever waits and however the pipeline ends: its history through the stages and its
// outcome are compared for each event.
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <millrace.hpp>

#include "support/catch.hpp"
#include "support/detached.hpp"

namespace mr = millrace;
using namespace std::chrono_literals;

namespace {

enum stage : std::size_t { keep, flaky, touchy, aside, late, stages };
enum class way { finishes, is_stopped, is_given_a_deadline, is_destroyed, fails };

/// What happens to event `n` if the pipeline does not end before.
auto fate_of(int n) -> mr::ending { return n % 7 == 0 ? mr::ending::filtered : n % 11 == 0 || n % 13 == 0 ? mr::ending::failed : mr::ending::value; }

/// Of one event. Plain memory: the stages, who answers and the end order it.
struct story {
  std::array<std::uint8_t, stages> passed{};
  std::uint8_t attempts = 0, told = 0;
  mr::ending how = mr::ending::pending;
  mr::status why = mr::status::ok;
  long value = 0;
  std::string_view by{};
  bool asked = false, taken = false;  // somebody waits for the reply; nobody does, but it was published

  void tell(mr::reply<long> r) {
    ++told;
    how = r.how(), why = r.why(), by = r.stage();
    if (r.has_value()) value = *r;
  }
};

struct round_of {
  static constexpr int events = 160, producers = 2, fatal = 103;
  std::vector<story> all = std::vector<story>(events);
  way end;

  explicit round_of(way e) : end{e} {}

  auto sentence() {
    auto const at = [this](int n) -> story& { return all[static_cast<std::size_t>(n)]; };
    return mr::from<int>(mr::many_producers, mr::replies(40)) |
           mr::filter<"keep">([at](int n) { return ++at(n).passed[keep], n % 7 != 0; }) |
           mr::tap<"flaky">([at](int n) {
             bool const first = ++at(n).attempts == 1;
             if (n % 11 == 0 || (first && n % 5 == 0)) throw std::runtime_error{"not yet"};
             ++at(n).passed[flaky];
           }, mr::idempotent, mr::on_error(mr::retry(2, 0ms, mr::skip))) |
           mr::map<"touchy">([at](int n) { return ++at(n).passed[touchy], n % 13 == 0 ? throw std::out_of_range{"thirteen"} : 2L * n; },
                             mr::on_error(mr::divert<"aside">([at](int n, std::exception_ptr const&) { ++at(n).passed[aside]; }))) |
           mr::tap<"late">([this, at](int const& n, long) {
             ++at(n).passed[late];
             if (end == way::fails && n == fatal) throw std::logic_error{"all stops"};
           }, mr::takes<"event", "touchy">);
  }

  /// Empty: all is as it has to be.
  [[nodiscard]] auto wrong() const -> std::string {
    for (int n = 0; n < events; ++n) {
      auto const& s = all[static_cast<std::size_t>(n)];
      auto const passed = [&](std::array<std::uint8_t, stages> const& expected) { return s.passed == expected; };
      auto const complain = [&](char const* what) { return "event " + std::to_string(n) + ": " + what; };
      for (auto const p : s.passed)
        if (p > 1) return complain("passed a stage twice");
      if (s.asked && s.told != 1) return complain("not told once");
      if (!s.asked) {
        if (end == way::finishes && fate_of(n) == mr::ending::value && s.passed[late] != s.taken) return complain("nobody waits, and it did not pass");
        continue;
      }
      switch (s.how) {
        case mr::ending::value:
          if (s.value != 2L * n || fate_of(n) != mr::ending::value || !passed({1, 1, 1, 0, 1})) return complain("has a value that it did not get");
          break;
        case mr::ending::filtered:
          if (fate_of(n) != mr::ending::filtered || s.by != "keep" || !passed({1, 0, 0, 0, 0})) return complain("was not filtered");
          break;
        case mr::ending::failed:
          if (end == way::fails && n == fatal ? !passed({1, 1, 1, 0, 1}) : fate_of(n) != mr::ending::failed || !(n % 11 == 0 ? passed({1, 0, 0, 0, 0}) : passed({1, 1, 1, 1, 0}))) return complain("did not fail so");
          if (n % 11 == 0 && s.attempts != 3) return complain("was not tried three times");
          break;
        case mr::ending::stopped:
          if (end == way::finishes) return complain("nobody stopped it");
          break;
        case mr::ending::refused:
          if (s.why == mr::status::closed && end == way::finishes) return complain("nothing was closed");
          if (!passed({0, 0, 0, 0, 0})) return complain("was refused, and passed a stage");
          break;
        case mr::ending::pending: return complain("nothing was told");
      }
    }
    return {};
  }
};

template <typename Input>
auto ask(Input in, mr::loop& by, int n, story& s) -> support::detached {
  s.tell(co_await in.on(by).async([n](int& e) { e = n; }));
}

void play(round_of& round, std::minstd_rand& dice) {
  mr::loop loop;
  std::vector<std::optional<mr::future<long>>> kept(round_of::events);
  {
    std::optional<mr::runner<decltype(whole(round.sentence()))>> run;
    run.emplace(round.sentence(), mr::runner_options{.capacity = std::size_t{1} << dice() % 6, .plan = dice() % 2 == 0 ? mr::fused : mr::spread});
    auto const produce = [&](auto in, int first) {
      for (int n = first; n < round_of::events; n += round_of::producers) {
        auto& s = round.all[static_cast<std::size_t>(n)];
        s.asked = n / 2 % 5 != 0;
        switch (n / 2 % 5) {
          case 0: {
            auto f = in.submit(n);
            s.taken = !f.was_refused();
            f.abandon();
            break;
          }
          case 1: kept[static_cast<std::size_t>(n)].emplace(in.submit(n)); break;
          case 2: in.submit(n).then([&s](mr::reply<long> r) { s.tell(std::move(r)); }); break;
          case 3: kept[static_cast<std::size_t>(n)].emplace(in.submit_for(10us, n)); break;
          default: ask(in, loop, n, s);
        }
      }
    };
    std::thread a{produce, run->input(), 0}, b{produce, run->input(), 1};
    for (auto left = dice() % 20; left > 0; --left) std::this_thread::yield();
    if (round.end == way::is_stopped) run->stop();
    if (round.end == way::is_given_a_deadline) static_cast<void>(run->finish_within(0ns));
    if (round.end == way::is_destroyed) run.reset();
    a.join();
    b.join();
    if (run) static_cast<void>(run->finish());
  }
  while (loop.run_one()) {
  }
  for (std::size_t n = 0; n < kept.size(); ++n)
    if (kept[n]) round.all[n].tell(kept[n]->take());  // the runner is gone
}

}  // namespace

TEST_CASE("what is told about an event is what happened to it") {
  auto const end = GENERATE(as<way>{}, way::finishes, way::is_stopped, way::is_given_a_deadline, way::is_destroyed, way::fails);
  std::minstd_rand dice{1};
  for (int i = 0; i < 60; ++i) {
    round_of round{end};
    play(round, dice);
    REQUIRE(round.wrong() == "");
  }
}

TEST_CASE("a pipeline that is stopped between two tries tells who waits") {
  std::optional<mr::future<int>> f;
  std::atomic<bool> tried{false};
  {
    mr::runner run{mr::from<int>(mr::many_producers, mr::replies) | mr::map<"in vain">([&](int) -> int { tried = true; throw std::runtime_error{"not yet"}; }, mr::idempotent, mr::on_error(mr::retry(1'000'000, 1h, mr::skip)))};
    f.emplace(run.input().submit(1));
    while (!tried) std::this_thread::yield();
    CHECK_FALSE(f->ready());
    CHECK_FALSE(run.finish_within(0ns).ok());
    run.stop();
    CHECK_FALSE(run.finish().ok());
  }
  auto const how = f->take().how();
  CHECK((how == mr::ending::stopped || how == mr::ending::failed));
}
