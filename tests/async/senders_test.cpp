// SPDX-License-Identifier: MIT
// Against stdexec itself, where it is found: see async/README.md for the versions.
#include <millrace.hpp>
#include <millrace/async/senders.hpp>

#if __has_include(<stdexec/execution.hpp>)
#include <array>
#include <atomic>
#include <memory>
#include <stdexcept>
#include <thread>
#include <tuple>
#include <utility>

#include <exec/task.hpp>

#include "support/catch.hpp"

namespace mr = millrace;
namespace ex = stdexec;

namespace {

auto const touchy = [](int n) { return n == 13 ? throw std::runtime_error{"thirteen"} : 2L * n; };
auto doubling() {
  return mr::from<int>(mr::many_producers, mr::replies) | mr::filter<"not seven">([](int n) { return n != 7; }) | mr::map<"double">(touchy, mr::on_error(mr::skip));
}
auto with(int n) {
  return [n](int& e) { e = n; };
}

/// How an operation has ended, and how often: by any thread.
struct outcome {
  std::atomic<int> values{0}, errors{0}, stops{0};
  std::atomic<long> value{0};
  [[nodiscard]] auto all() const { return values + errors + stops; }
};
/// Writes it down; may be asked to stop.
struct notes {
  using receiver_concept = ex::receiver_t;
  outcome* to;
  ex::inplace_stop_token token{};

  struct environment {
    ex::inplace_stop_token token;
    [[nodiscard]] auto query(ex::get_stop_token_t) const noexcept { return token; }
  };
  [[nodiscard]] auto get_env() const noexcept -> environment { return {token}; }
  void set_value(long v) && noexcept { to->value = v, ++to->values; }
  void set_error(std::exception_ptr) && noexcept { ++to->errors; }
  void set_stopped() && noexcept { ++to->stops; }
};
/// A sender that is connected.
template <typename Sender>
struct request {
  decltype(ex::connect(std::declval<Sender>(), std::declval<notes>())) operation;
  request(Sender from, notes to) : operation(ex::connect(std::move(from), to)) {}
  void start() noexcept { ex::start(operation); }
};

}  // namespace

TEST_CASE("senders: the value, an error, filtered, refused") {
  mr::runner run{doubling()};
  auto in = run.input();
  static_assert(ex::sender<decltype(mr::as_sender(in, 4))>);
  CHECK(ex::sync_wait(mr::as_sender(in, with(4)) | ex::then([](long v) { return v + 1; })) == std::tuple{9L});
  CHECK(ex::sync_wait(mr::as_sender(in, 5)) == std::tuple{10L});
  CHECK(ex::sync_wait(mr::as_sender(in, [] { return 6; })) == std::tuple{12L});
  CHECK_THROWS_WITH(ex::sync_wait(mr::as_sender(in, with(13))), "thirteen");
  CHECK_THROWS_AS(ex::sync_wait(mr::as_sender(in, with(7))), mr::no_reply);
  CHECK_THROWS_AS(ex::sync_wait(mr::as_sender(in, [](int&) { throw std::logic_error{"no"}; })), std::logic_error);
  auto const report = run.finish();
  CHECK(report.done == 6);
  CHECK(report.tombstones == 1);  // of the fill that threw
  CHECK_THROWS_AS(ex::sync_wait(mr::as_sender(in, with(1))), mr::no_reply);
}

TEST_CASE("senders: several at once, one after the other, errors in between") {
  mr::runner run{doubling()};
  auto in = run.input();
  auto const request = [&](long n) { return mr::as_sender(in, static_cast<int>(n)); };
  CHECK(ex::sync_wait(ex::when_all(request(1), request(2), request(3))) == std::tuple{2L, 4L, 6L});
  CHECK_THROWS_WITH(ex::sync_wait(ex::when_all(request(1), request(13))), "thirteen");
  CHECK(ex::sync_wait(request(1) | ex::let_value(request) | ex::let_value(request)) == std::tuple{8L});
  CHECK(ex::sync_wait(request(13) | ex::upon_error([](std::exception_ptr const&) { return -1L; })) == std::tuple{-1L});
  CHECK(ex::sync_wait(request(7) | ex::let_error([&](std::exception_ptr const&) { return request(8); })) == std::tuple{16L});
  auto const again = request(9);  // may be started as often as one likes
  CHECK(ex::sync_wait(again) == ex::sync_wait(again));
  CHECK(run.finish().ok());
}

TEST_CASE("senders: on an executor, and awaited in a coroutine of stdexec") {
  mr::runner run{doubling()};
  auto in = run.input();
  ex::run_loop loop;
  std::thread::id by{};
  std::thread driver{[&] { loop.run(); }};
  auto const there = driver.get_id();
  CHECK(ex::sync_wait(mr::as_sender(in, 2) | ex::continues_on(loop.get_scheduler()) | ex::then([&](long v) { return by = std::this_thread::get_id(), v; })) == std::tuple{4L});
  loop.finish();
  driver.join();
  CHECK(by == there);
  auto const asks = [](auto& to) -> exec::task<long> {
    long sum = 0;
    for (int n = 0; n < 6; ++n) sum += co_await mr::as_sender(to, n);
    try {
      sum += co_await mr::as_sender(to, 13);
    } catch (std::runtime_error const&) {
      sum = -sum;
    }
    co_return sum;
  };
  CHECK(ex::sync_wait(asks(in)) == std::tuple{-30L});
}

TEST_CASE("senders: what is connected and never started publishes nothing; what can only be moved is") {
  auto const kept = std::make_shared<int>(3);
  mr::runner run{doubling()};
  auto in = run.input();
  {
    outcome how;
    auto never = ex::connect(mr::as_sender(in, [kept](int& e) { e = *kept; }), notes{&how});
    static_cast<void>(never);
    CHECK(kept.use_count() == 2);
    CHECK(how.all() == 0);
  }
  CHECK(kept.use_count() == 1);
  CHECK(ex::sync_wait(mr::as_sender(in, [own = std::make_unique<int>(4)](int& e) { e = *own; })) == std::tuple{8L});
  CHECK(run.finish().done == 1);
}

TEST_CASE("senders: the end of the pipeline, by stop or by its destructor, is the stopped channel") {
  outcome how;
  auto const by_destructor = GENERATE(false, true);
  {
    mr::runner run{doubling(), {.paused = true}};
    auto in = run.input();
    request one{mr::as_sender(in, 1), notes{&how}};
    one.start();
    CHECK(how.all() == 0);
    if (!by_destructor) {
      run.stop();
      CHECK_FALSE(run.finish().ok());
      CHECK(how.stops == 1);
    } else {
      auto last = std::move(run);
    }
  }
  CHECK(how.stops == 1);
  CHECK(how.all() == 1);
}

TEST_CASE("senders: a stop token ends what waits, passes over what has not begun, and publishes nothing once it is asked") {
  outcome early, waiting, untouched;
  ex::inplace_stop_source a, b, c;
  mr::runner run{doubling(), {.paused = true}};
  auto in = run.input();
  request never{mr::as_sender(in, 1), notes{&early, a.get_token()}}, called_off{mr::as_sender(in, 2), notes{&waiting, b.get_token()}}, goes_on{mr::as_sender(in, 3), notes{&untouched, c.get_token()}};
  a.request_stop();
  never.start();
  CHECK(early.stops == 1);
  called_off.start();
  goes_on.start();
  CHECK(waiting.all() == 0);
  b.request_stop();
  CHECK(waiting.stops == 1);
  run.start();
  auto const report = run.finish();
  c.request_stop();
  CHECK(report.done == 2);
  CHECK(untouched.value == 6);
  CHECK(early.all() + waiting.all() + untouched.all() == 3);
}

TEST_CASE("senders: whoever answers, whoever asks to stop and whoever ends the pipeline complete an operation once between them") {
  for (int round = 0; round < 200; ++round) {
    std::array<outcome, 8> how;
    {
      ex::inplace_stop_source stop;
      mr::runner run{doubling(), {.capacity = 2}};
      auto in = run.input();
      auto const ask = [&](int n) { return request{mr::as_sender(in, n), notes{&how[static_cast<std::size_t>(n)], stop.get_token()}}; };
      std::array all{ask(0), ask(1), ask(2), ask(3), ask(4), ask(5), ask(6), ask(7)};
      std::thread canceller{[&] {
        stop.request_stop();
        if (round % 2 == 0) run.stop();
      }};
      for (auto& one : all) one.start();
      canceller.join();
      static_cast<void>(run.finish());
    }
    for (auto const& h : how) REQUIRE(h.all() == 1);
  }
}
#endif
