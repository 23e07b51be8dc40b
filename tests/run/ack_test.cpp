// SPDX-License-Identifier: MIT
// Stages whose cursor waits for user code to acknowledge.
#include <millrace/run/runner.hpp>

#include <atomic>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

#include <millrace/dsl/sentence.hpp>

#include "support/catch.hpp"
#include "support/fake_platform.hpp"

namespace mr = millrace;
using fake = support::fake_platform;
using std::chrono::seconds;

namespace {

auto plan_of(int i) -> mr::grouping { return i == 0 ? mr::fused : mr::spread; }

constexpr int most = 6;
auto has(unsigned set, int i) -> bool { return (set >> i & 1) != 0; }

/// What stands behind a stage that waits for acknowledgements, if `seen` are the events, of six, that the stage sees: it comes to the first
/// of them, and by each acknowledgement to the next; in the end to the end. On one thread, with a clock of its own.
template <typename Run, typename Publish>
void confirmed_one_by_one(Run& run, unsigned seen, unsigned order, Publish publish) {
  auto const passed = [&] { return run.shared()->ring().gate.reached(); };
  auto const next = [&](int i) {
    while (i < most && !has(seen, i)) ++i;
    return i;
  };
  auto const work = [&] {
    for (int k = 0; k < 4 * most; ++k) run.work_some(0), run.work_some(run.on().size() - 1);
  };
  if (order == 1) run.template acknowledge<"log">(2);  // before anything is there
  publish();
  if (order != 3) work();  // else it closes before the stage has seen anything
  if (order == 0) {
    for (int i = next(0); i < most; i = next(i + 1)) {
      CHECK(passed() == i);
      run.template acknowledge<"log">(i);
      work();
    }
  } else if (order == 1) {
    CHECK(passed() == next(3));
    run.template acknowledge<"log">(most - 1);
    run.template acknowledge<"log">(1);
  } else {
    for (int i = most - 1; i >= 0; --i)  // the last one first
      if (has(seen, i)) run.template acknowledge<"log">(i);
  }
  auto const report = run.finish_within(seconds{1});
  CHECK(report.ok());
  CHECK(!report.stopped);
  CHECK(report.left == 0);
}

}  // namespace

TEST_CASE("what stands behind a stage waits for its acknowledgements") {
  auto const plan = GENERATE(0, 1);
  CAPTURE(plan);
  std::atomic<int> logged{0}, sent{0};
  mr::workers crew{{.max = 2, .place = {.pin = false}}};
  mr::runner run{mr::from<int>() | mr::tap<"log">([&](int) { logged.fetch_add(1), logged.notify_all(); }, mr::manual_ack) | mr::tap<"send">([&](int) { sent.fetch_add(1), sent.notify_all(); }), crew,
                 {.capacity = 8, .plan = plan_of(plan)}};
  auto in = run.input();
  for (int i = 0; i < 8; ++i) REQUIRE(in.publish([&](int& e) { e = i; }) == mr::status::ok);
  for (int n = 0; (n = logged.load()) != 8;) logged.wait(n);  // the handler goes on as far as the ring reaches
  CHECK(sent.load() == 0);
  CHECK(in.try_publish([](int&) {}) == mr::status::would_block);
  run.acknowledge<"log">(2);
  for (int n = 0; (n = sent.load()) != 3;) sent.wait(n);
  REQUIRE(in.publish(3, [](int& e, std::size_t) { e = 9; }) == mr::status::ok);  // and their slots are free
  run.acknowledge<"log">(1);                                                     // an old one changes nothing
  CHECK(in.try_publish([](int&) {}) == mr::status::would_block);
  run.acknowledge<"log">(100);  // ahead of the handler: as soon as it has seen them
  CHECK(run.flush() == mr::status::ok);
  CHECK(sent.load() == 11);
  CHECK(run.finish().ok());
}

TEST_CASE("finish waits for acknowledgements from any thread, for a whole run of changing plans") {
  constexpr int n = 3000;
  std::mutex m;
  std::vector<mr::sequence> to_confirm;
  std::vector<int> seen;
  mr::acknowledger confirm;
  mr::workers crew{{.max = 3, .place = {.pin = false}}};
  mr::runner run{mr::from<int>() | mr::map<"twice">([](int e) { return 2 * e; }) |
                     mr::tap<"log">(
                         [&](int, mr::at at) {
                           std::lock_guard const g{m};
                           to_confirm.push_back(at.sequence);
                         },
                         mr::manual_ack) |
                     mr::tap<"see">([&](int e) { seen.push_back(e); }),
                 crew,
                 {.capacity = 16, .paused = true}};
  confirm = run.acknowledger<"log">();
  run.start();
  std::atomic<bool> over{false};
  std::thread broker{[&] {
    while (!over) {
      std::vector<mr::sequence> some;
      {
        std::lock_guard const g{m};
        some.swap(to_confirm);
      }
      for (auto const s : some) confirm(s);
      if (some.empty()) std::this_thread::yield();
    }
  }};
  {
    auto in = run.input();
    mr::grouping const plans[] = {mr::fused, mr::spread, mr::groups{{"twice", "see"}, {"log"}}};
    for (int i = 0; i < n; ++i) {
      REQUIRE(in.publish([&](int& e) { e = i; }) == mr::status::ok);
      if (i % 50 == 0) REQUIRE(run.apply(plans[i / 50 % 3]) == mr::status::ok);
    }
  }
  auto const report = run.finish();
  over = true;
  broker.join();
  CHECK(report.ok());
  CHECK(report.done == n);
  REQUIRE(seen.size() == n);
  for (int i = 0; i < n; ++i) CHECK(seen[static_cast<std::size_t>(i)] == 2 * i);
}

TEST_CASE("stop counts what is not acknowledged as left") {
  mr::workers crew{{.max = 1, .place = {.pin = false}}};
  mr::runner run{mr::from<int>() | mr::tap<"log">([](int) {}, mr::manual_ack), crew, {.capacity = 8}};
  auto in = run.input();
  for (int i = 0; i < 5; ++i) REQUIRE(in.publish([&](int& e) { e = i; }) == mr::status::ok);
  run.acknowledge<"log">(2);
  std::thread stopper{[&] {
    while (mr::sequence{3} > run.shared()->ring().gate.reached()) std::this_thread::yield();
    run.stop();
  }};
  auto const report = run.finish();
  stopper.join();
  CHECK(report.stopped);
  CHECK(report.published == 5);
  CHECK(report.done == 3);
  CHECK(report.left == 2);
  run.acknowledge<"log">(4);  // too late, and harmless
}

TEST_CASE("an acknowledged stage of a second ring, and one in batches") {
  std::atomic<mr::sequence> seen{0};
  mr::acknowledger none;
  none(3);
  mr::workers crew{{.max = 2, .place = {.pin = false}}};
  mr::runner run{mr::from<int>() | mr::expand<"three">([](int e) { return std::vector<int>(3, e); }, mr::ring_of(4)) |
                     mr::tap<"log">([&](mr::batch<int const> b) { seen = b.first_sequence() + static_cast<mr::sequence>(b.size()); }, mr::in_batches, mr::manual_ack),
                 crew,
                 {.capacity = 4, .plan = mr::spread}};
  std::atomic<bool> over{false};
  std::thread flusher{[&] {
    while (!over) run.acknowledge<"log">(seen - 1), std::this_thread::yield();
  }};
  {
    auto in = run.input();
    for (int i = 0; i < 100; ++i) REQUIRE(in.publish([&](int& e) { e = i; }) == mr::status::ok);
  }
  auto const report = run.finish();
  over = true;
  flusher.join();
  CHECK(report.ok());
  CHECK(seen == 300);
}

TEST_CASE("events that a filter has dropped need no acknowledgement: any of six, in any plan") {
  auto const plan = GENERATE(0, 1);
  auto const batches = GENERATE(false, true);
  auto const order = GENERATE(0U, 1U, 2U, 3U);
  for (auto goes_on = 0U; goes_on < 1U << most; ++goes_on) {
    CAPTURE(plan, batches, order, goes_on);
    fake::begin();
    unsigned seen = 0, behind = 0;
    mr::basic_workers<fake> crew{{.max = 2, .own_threads = true}};
    auto const run_it = [&](auto&& log) {
      mr::runner run{mr::from<int>() | mr::filter<"some">([&](int e) { return has(goes_on, e); }) | std::forward<decltype(log)>(log) | mr::tap<"behind">([&](int e) { behind |= 1U << e; }), crew,
                     {.capacity = 8, .plan = plan_of(plan)}};
      confirmed_one_by_one(run, goes_on, order, [&] {
        auto in = run.input();
        for (int i = 0; i < most; ++i) REQUIRE(in.publish([&](int& e) { e = i; }) == mr::status::ok);
      });
    };
    if (!batches) {
      run_it(mr::tap<"log">([&](int e) { seen |= 1U << e; }, mr::manual_ack));
    } else {
      run_it(mr::tap<"log">([&](mr::batch<int const> b) { for (int const e : b) seen |= 1U << e; }, mr::in_batches, mr::manual_ack));
    }
    CHECK(seen == goes_on);
    CHECK(behind == goes_on);
  }
}

TEST_CASE("what was given up, skipped or diverted needs no acknowledgement") {
  auto const plan = GENERATE(0, 1);
  auto const order = GENERATE(0U, 1U, 2U, 3U);
  auto const how = GENERATE(0, 1, 2, 3);
  for (auto good = 0U; good < 1U << most; ++good) {
    CAPTURE(plan, order, how, good);
    fake::begin();
    unsigned logged = 0, diverted = 0;
    auto const fails = [&](int e) {
      if (!has(good, e)) throw std::runtime_error{"no"};
    };
    auto const log = [&](int e) { logged |= 1U << e; };
    mr::basic_workers<fake> crew{{.max = 2, .own_threads = true}};
    auto const run_it = [&](auto&& pipeline) {
      mr::runner run{std::forward<decltype(pipeline)>(pipeline), crew, {.capacity = 8, .plan = plan_of(plan)}};
      confirmed_one_by_one(run, good, order, [&] {
        auto in = run.input();
        for (int i = 0; i < most; ++i) {
          try {
            static_cast<void>(in.publish([&](int& e) {
              if (how == 0) fails(i);
              e = i;
            }));
          } catch (std::runtime_error const&) {
          }
        }
      });
    };
    if (how == 0) run_it(mr::from<int>(mr::many_producers) | mr::tap<"log">(log, mr::manual_ack));
    if (how == 1) run_it(mr::from<int>() | mr::tap<"may">(fails, mr::on_error(mr::skip)) | mr::tap<"log">(log, mr::manual_ack));
    if (how == 2) run_it(mr::from<int>() | mr::tap<"may">(fails, mr::on_error(mr::divert<"bad">([&](int e, std::exception_ptr const&) { diverted |= 1U << e; }))) | mr::tap<"log">(log, mr::manual_ack));
    if (how == 3) run_it(mr::from<int>() | mr::tap<"log">([&](int e) { fails(e), log(e); }, mr::manual_ack, mr::on_error(mr::skip)));  // at the stage itself
    CHECK(logged == good);
    CHECK(diverted == (how == 2 ? ~good & ((1U << most) - 1) : 0));
  }
}

TEST_CASE("a stage beside a filter sees what it has dropped, and waits for the acknowledgement") {
  fake::begin();
  mr::basic_workers<fake> crew{{.max = 1, .own_threads = true}};
  mr::runner run{mr::from<int>() | mr::fan_out(mr::filter<"none">([](int) { return false; }) | mr::tap<"no">([](int) {}), mr::tap<"log">([](int) {}, mr::manual_ack)), crew, {.capacity = 8}};
  confirmed_one_by_one(run, (1U << most) - 1, 0, [&] {
    auto in = run.input();
    for (int i = 0; i < most; ++i) REQUIRE(in.publish([&](int& e) { e = i; }) == mr::status::ok);
  });
}

TEST_CASE("a source waits for acknowledgements, also when one worker has all of it") {
  fake::begin();
  int made = 0;
  mr::basic_workers<fake> crew{{.max = 1, .own_threads = true}};
  mr::runner run{mr::generate([&]() -> std::optional<int> { return made < 100 ? std::optional{made++} : std::nullopt; }) |
                     mr::filter<"even">([](int e) { return e % 2 == 0; }) | mr::tap<"log">([](int) {}, mr::manual_ack),
                 crew,
                 {.capacity = 8}};
  auto const work = [&] {
    for (int k = 0; k < 100; ++k) run.work_some();
  };
  work();
  CHECK(made == 8);  // as far as the ring reaches
  run.acknowledge<"log">(2);
  work();
  CHECK(made == 8 + 4);  // 3 was dropped
  run.acknowledge<"log">(98);
  auto const report = run.finish_within(seconds{1});
  CHECK(!report.stopped);
  CHECK(report.done == 100);
}

TEST_CASE("stop counts events that nobody needs to acknowledge as done, up to one that somebody does") {
  fake::begin();
  mr::basic_workers<fake> crew{{.max = 1, .own_threads = true}};
  mr::runner run{mr::from<int>() | mr::filter<"some">([](int e) { return e == 2 || e == 5; }) | mr::tap<"log">([](int) {}, mr::manual_ack), crew, {.capacity = 8}};
  auto in = run.input();
  for (int i = 0; i < 8; ++i) REQUIRE(in.publish([&](int& e) { e = i; }) == mr::status::ok);
  for (int k = 0; k < 20; ++k) run.work_some();
  run.acknowledge<"log">(2);
  auto const report = run.finish_within(seconds{1});
  CHECK(report.stopped);
  CHECK(report.done == 5);
  CHECK(report.left == 3);
  run.acknowledge<"log">(7);  // too late, and harmless
}

TEST_CASE("many producers give up, a filter drops, plans change, and acknowledgements come out of order") {
  constexpr int each = 1500;
  std::mutex m;
  std::vector<mr::sequence> to_confirm;
  std::atomic<int> seen{0}, behind{0};
  mr::workers crew{{.max = 3, .place = {.pin = false}}};
  mr::runner run{mr::from<int>(mr::many_producers) | mr::filter<"odd">([](int e) { return e % 7 == 1; }) |
                     mr::tap<"log">(
                         [&](int, mr::at at) {
                           ++seen;
                           std::lock_guard const g{m};
                           to_confirm.push_back(at.sequence);
                         },
                         mr::manual_ack) |
                     mr::tap<"behind">([&](int) { ++behind; }),
                 crew,
                 {.capacity = 16}};
  std::atomic<bool> over{false};
  std::vector<std::thread> brokers;
  for (int b = 0; b < 2; ++b)
    brokers.emplace_back([&] {
      while (!over) {
        std::vector<mr::sequence> some;
        {
          std::lock_guard const g{m};
          some.swap(to_confirm);
        }
        for (auto at = some.rbegin(); at != some.rend(); ++at) run.acknowledge<"log">(*at);
        if (some.empty()) std::this_thread::yield();
      }
    });
  std::vector<std::thread> producers;
  for (int p = 0; p < 2; ++p)
    producers.emplace_back([&, in = run.input()]() mutable {
      for (int i = 0; i < each; ++i) {
        try {
          static_cast<void>(in.publish([&](int& e) {
            if (i % 5 == 0) throw i;
            e = i;
          }));
        } catch (int) {
        }
      }
    });
  mr::grouping const plans[] = {mr::fused, mr::spread, mr::groups{{"odd", "behind"}, {"log"}}};
  for (int k = 0; k < 60; ++k) REQUIRE(run.apply(plans[k % 3]) == mr::status::ok);
  for (auto& t : producers) t.join();
  auto const report = run.finish();
  over = true;
  for (auto& t : brokers) t.join();
  CHECK(report.ok());
  CHECK(report.published == 2 * each);
  CHECK(report.done == 2 * each);
  CHECK(behind == seen);
  int wanted = 0;
  for (int i = 0; i < each; ++i) wanted += i % 5 != 0 && i % 7 == 1 ? 2 : 0;
  CHECK(seen == wanted);
}
