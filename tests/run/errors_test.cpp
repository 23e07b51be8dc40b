// SPDX-License-Identifier: MIT
// What becomes of events whose handlers throw: skipped, tried again, diverted; whoever runs the stages.
#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <millrace.hpp>

#include "support/catch.hpp"

namespace mr = millrace;
using namespace std::chrono_literals;

namespace {

struct bad : std::runtime_error {
  explicit bad(int n) : std::runtime_error{std::to_string(n)} {}
};
auto message(std::exception_ptr const& e) -> std::string {
  try {
    std::rethrow_exception(e);
  } catch (std::exception const& x) {
    return x.what();
  }
}
auto upto(int n) {
  std::vector<int> all;
  for (int i = 0; i < n; ++i) all.push_back(i);
  return all;
}

/// Runs a pipeline over 0 .. n-1 on this thread, and on one to three workers with plans that change; `seen` is emptied before each.
template <typename Make, typename Check>
void everywhere(int n, Make make, Check check) {
  {
    auto p = make();
    mr::run_inline(p, upto(n));
    INFO("inline");
    check();
  }
  for (std::size_t const threads : {1u, 2u, 3u})
    for (std::size_t const slots : {1u, 8u, 64u}) {
      CAPTURE(threads, slots);
      mr::workers crew{{.max = threads, .place = {.pin = false}}};
      mr::runner run{make(), crew, {.capacity = slots, .plan = mr::spread}};
      auto in = run.input();
      for (int i = 0; i < n; ++i) {
        REQUIRE(in.publish([&](int& e) { e = i; }) == mr::status::ok);
        if (i % 50 == 0) REQUIRE(run.apply(i % 100 == 0 ? mr::fused : mr::spread) == mr::status::ok);
      }
      auto const report = run.finish();
      CHECK(report.ok());
      CHECK(report.done == n);
      check();
    }
}

}  // namespace

TEST_CASE("a skipped event reaches nobody behind the stage, and everybody beside it") {
  std::vector<int> behind, beside, joined;
  everywhere(
      300,
      [&] {
        behind.clear(), beside.clear(), joined.clear();
        return mr::from<int>() |
               mr::fan_out(mr::map<"picky">([](int n) { return n % 5 == 0 ? throw bad{n} : 2 * n; }, mr::on_error(mr::skip)) | mr::tap<"behind">([&](int n) { behind.push_back(n); }),
                           mr::map<"beside">([&](int n) { return beside.push_back(n), n; })) |
               mr::tap<"joined">([&](int a, int b) { joined.push_back(a + b); });
      },
      [&] {
        CHECK(beside == upto(300));
        CHECK(behind.size() == 240);
        CHECK(joined.size() == 240);
        CHECK(behind[4] == 12);
        CHECK(joined[4] == 18);
      });
}

TEST_CASE("a diverted event is seen with its error, in order, by a stage of its own") {
  std::vector<std::string> dead;
  std::vector<int> live;
  everywhere(
      300,
      [&] {
        dead.clear(), live.clear();
        return mr::from<int>() | mr::change<"twice">([](int& n) { n *= 2; }) |
               mr::map<"parse">([](int n) { return n % 6 == 0 ? throw bad{n} : std::to_string(n); },
                                mr::on_error(mr::divert<"dead">([&](int n, std::exception_ptr const& e) { dead.push_back(std::to_string(n) + "=" + message(e)); }))) |
               mr::tap<"live">([&](std::string const& s) { live.push_back(std::stoi(s)); });
      },
      [&] {
        CHECK(dead.size() == 100);
        CHECK(dead[1] == "6=6");
        CHECK(dead[99] == "594=594");
        CHECK(live.size() == 200);
        CHECK(live[0] == 2);
      });
}

TEST_CASE("what a filter refuses has not failed there: who sees its failures is not called, and who does not mind its no is") {
  std::vector<int> dead, yes, joined, doubted;
  everywhere(
      300,
      [&] {
        dead.clear(), yes.clear(), joined.clear(), doubted.clear();
        auto const picky = [](int n) { return n % 10 == 3 ? throw bad{n} : n % 2 == 0; };
        return mr::from<int>() |
               mr::fan_out(mr::filter<"even">(picky, mr::on_error(mr::divert<"dead">([&](int n, std::exception_ptr const& e) { dead.push_back(e == nullptr ? -1 : n); }))) |
                               mr::tap<"yes">([&](int n) { yes.push_back(n); }),
                           mr::filter<"big">([](int n) { return n >= 100; }, mr::on_error(mr::skip)) | mr::map<"half">([](int n) { return n / 2; })) |
               mr::tap<"joined">([&](int const* half) { joined.push_back(half == nullptr ? -1 : *half); }) |
               mr::tap<"doubted">([&](int n, int const* half) { doubted.push_back(n + (half == nullptr ? 0 : *half)); }, mr::takes<"event", "half">);
      },
      [&] {
        CHECK(dead.size() == 30);
        CHECK(dead[1] == 13);
        CHECK(yes.size() == 150);
        CHECK(joined.size() == 270);  // all but those that failed
        CHECK(joined[0] == -1);
        CHECK(joined.back() == 149);
        CHECK(doubted.size() == 270);
        CHECK(doubted[1] == 1);
      });
}

TEST_CASE("what a filter refuses has not failed there: an expand behind a join gets it") {
  std::vector<int> seen;
  everywhere(
      100,
      [&] {
        seen.clear();
        return mr::from<int>() | mr::fan_out(mr::filter<"even">([](int n) { return n % 10 == 3 ? throw bad{n} : n % 2 == 0; }, mr::on_error(mr::skip)), mr::tap<"beside">([](int) {})) |
               mr::expand<"twice">([](int n) { return std::vector<int>{n, n}; }) | mr::tap<"see">([&](int n) { seen.push_back(n); });
      },
      [&] { CHECK(seen.size() == 180); });
}

TEST_CASE("an event is tried again as often as said, and then the end applies") {
  std::vector<int> calls(100), passed;
  everywhere(
      100,
      [&] {
        calls.assign(100, 0), passed.clear();
        return mr::from<int>() | mr::tap<"before">([](int) {}) |
               mr::tap<"flaky">([&](int n) { if (++calls[static_cast<std::size_t>(n)] <= n % 5) throw bad{n}; }, mr::idempotent, mr::on_error(mr::retry(3, 0ns, mr::skip))) |
               mr::tap<"after">([&](int n) { passed.push_back(n); });
      },
      [&] {
        for (std::size_t n = 0; n < 100; ++n) CHECK(calls[n] == (n % 5 < 4 ? static_cast<int>(n % 5) + 1 : 4));
        CHECK(passed.size() == 80);
      });
}

TEST_CASE("a retry that does not help stops the runner, if nothing else was said") {
  int calls = 0;
  mr::runner run{mr::from<int>() | mr::tap<"flaky">([&](int n) { if (n == 3) ++calls, throw bad{n}; }, mr::idempotent, mr::on_error(mr::retry(2, 1us)))};
  auto in = run.input();
  for (int i = 0; i < 5; ++i) static_cast<void>(in.publish([&](int& n) { n = i; }));
  auto const report = run.finish();
  CHECK(report.failed_stage == "flaky");
  CHECK(report.failed_at == 3);
  CHECK(calls == 3);
}

TEST_CASE("while an event waits to be tried again its worker does other things") {
  std::atomic<int> beside{0}, calls{0};
  mr::workers crew{{.max = 1, .place = {.pin = false}}};
  mr::runner run{mr::from<int>() | mr::fan_out(mr::tap<"flaky">([&](int) { if (++calls < 2 || beside < 100) throw bad{0}; }, mr::idempotent, mr::on_error(mr::retry(1'000'000, 10us))),
                                               mr::tap<"beside">([&](int) { ++beside; })),
                 crew};
  auto in = run.input();
  for (int i = 0; i < 100; ++i) REQUIRE(in.publish([&](int& n) { n = i; }) == mr::status::ok);
  CHECK(run.finish().ok());
  CHECK(beside == 100);
}

TEST_CASE("a batch says how far it came: what follows the failed event is given again") {
  std::vector<int> seen, behind;
  everywhere(
      100,
      [&] {
        seen.clear(), behind.clear();
        return mr::from<int>() | mr::filter<"odd">([](int n) { return n % 2 != 0; }) |
               mr::tap<"sum">(
                   [&](mr::batch<int const> b) {
                     for (auto i = b.begin(); i != b.end(); ++i) {
                       b.done_before(i);
                       if (*i % 10 == 5) throw bad{*i};
                       seen.push_back(*i);
                     }
                   },
                   mr::in_batches, mr::on_error(mr::skip)) |
               mr::tap<"behind">([&](mr::batch<int const> b) { for (auto const& n : b) behind.push_back(n); }, mr::in_batches);
      },
      [&] {
        CHECK(seen.size() == 40);
        CHECK(behind == seen);
      });
}

TEST_CASE("a batch that says nothing blames the first event that it got, not one that was dropped before it") {
  std::vector<int> seen;
  mr::workers crew{{.max = 1, .place = {.pin = false}}};
  mr::runner run{mr::from<int>() | mr::filter<"odd">([](int n) { return n % 2 != 0; }) |
                     mr::tap<"see">(
                         [&](mr::batch<int const> b) {
                           for (auto i = b.begin(); i != b.end(); ++i) {
                             if (i != b.begin()) b.done_before(i);
                             if (*i % 10 == 5 || *i % 10 == 7) throw bad{*i};
                             seen.push_back(*i);
                           }
                         },
                         mr::in_batches, mr::on_error(mr::skip)),
                 crew, {.capacity = 128, .paused = true}};
  {
    auto in = run.input();
    for (int i = 0; i < 100; ++i) REQUIRE(in.publish([&](int& e) { e = i; }) == mr::status::ok);
  }
  CHECK(run.finish().failed == 20);
  CHECK(seen.size() == 30);
}

TEST_CASE("results and verdicts of a batch say by themselves how far it came") {
  std::vector<int> seen;
  everywhere(
      60,
      [&] {
        seen.clear();
        return mr::from<int>() |
               mr::map<"twice">([](mr::batch<int const> b, mr::results<int>& out) { for (auto n : b) n % 6 == 3 ? throw bad{n} : out(2 * n); }, mr::in_batches, mr::on_error(mr::skip)) |
               mr::filter<"few">([](mr::batch<int const> b, mr::verdicts& v) { for (auto n : b) n % 16 == 8 ? throw bad{n} : v(n % 4 == 0); }, mr::in_batches, mr::on_error(mr::skip)) |
               mr::tap<"see">([&](int n) { seen.push_back(n); });
      },
      [&] {
        std::vector<int> right;
        for (int i = 0; i < 60; ++i)
          if (i % 6 != 3 && 2 * i % 16 != 8 && 2 * i % 4 == 0) right.push_back(2 * i);
        CHECK(seen == right);
      });
}

TEST_CASE("an expand that throws loses what was left of its range, and the rest goes on") {
  std::vector<int> seen, dead;
  everywhere(
      50,
      [&] {
        seen.clear(), dead.clear();
        return mr::from<int>() | mr::expand<"upto">([](int n) { return n % 10 == 3 ? throw bad{n} : upto(n % 4); }, mr::ring_of(4),
                                                    mr::on_error(mr::divert<"dead">([&](int n, std::exception_ptr const&) { dead.push_back(n); }))) |
               mr::tap<"see">([&](int n) { seen.push_back(n); });
      },
      [&] {
        CHECK(dead == std::vector<int>{3, 13, 23, 33, 43});
        std::size_t right = 0;
        for (int i = 0; i < 50; ++i) right += i % 10 == 3 ? 0 : static_cast<std::size_t>(i % 4);
        CHECK(seen.size() == right);
      });
}

TEST_CASE("with an own source too, fused and split") {
  for (auto const& plan : {mr::fused, mr::spread}) {
    int live = 0, dead = 0;
    mr::workers crew{{.max = 2, .place = {.pin = false}}};
    mr::runner run{mr::generate([n = 0]() mutable { return n == 100'000 ? std::optional<int>{} : std::optional{n++}; }) |
                       mr::map<"m">([](int n) { return n % 1000 == 7 ? throw bad{n} : n; }, mr::on_error(mr::divert<"dead">([&](int, std::exception_ptr const&) { ++dead; }))) |
                       mr::tap<"live">([&](int n) { live += n % 1000 == 7 ? 1'000'000 : 1; }),
                   crew, {.capacity = 16, .plan = plan}};
    auto const report = run.finish();
    CHECK(report.ok());
    CHECK(report.failed == 100);
    CHECK(live == 99'900);
    CHECK(dead == 100);
    CHECK(mr::snapshot(run).stages[1].failed == 100);
  }
}

TEST_CASE("hooks of a stage that forgives may throw; its start may not") {
  struct hooked {
    bool start_throws;
    void operator()(int) const {}
    void on_start() const { if (start_throws) throw bad{1}; }
    void on_batch_end() const { throw bad{2}; }
    void on_stop() const { throw bad{3}; }
  };
  for (bool const throws : {false, true}) {
    mr::runner run{mr::from<int>() | mr::tap<"hooked">(hooked{throws}, mr::on_error(mr::skip))};
    auto in = run.input();
    auto const s = in.publish([](int& n) { n = 1; });
    auto const report = run.finish();
    CHECK(report.ok() == !throws);
    if (throws) {
      CHECK(message(report.error) == "1");
    } else {
      CHECK(s == mr::status::ok);
      CHECK(report.failed >= 2);
    }
  }
}

TEST_CASE("errors that were diverted are let go") {
  auto const alive = std::make_shared<int>();
  struct holding {
    std::shared_ptr<int> what;
  };
  {
    mr::runner run{mr::generate([n = 0]() mutable { return n == 10 ? std::optional<int>{} : std::optional{n++}; }) |
                   mr::tap<"t">([&](int) { throw holding{alive}; }, mr::on_error(mr::divert<"dead">([](int, std::exception_ptr const&) {})))};
    CHECK(run.finish().failed == 10);
    CHECK(alive.use_count() == 1);
  }
}
