// SPDX-License-Identifier: MIT
// Stages whose cursor waits for user code to acknowledge.
#include <millrace/run/runner.hpp>

#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include <millrace/dsl/sentence.hpp>

#include "support/catch.hpp"

namespace mr = millrace;

namespace {

auto plan_of(int i) -> mr::grouping { return i == 0 ? mr::fused : mr::spread; }

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
