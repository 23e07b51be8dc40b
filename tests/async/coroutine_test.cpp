// SPDX-License-Identifier: MIT
#include <optional>
#include <random>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <millrace.hpp>

#include "support/catch.hpp"
#include "support/task.hpp"

namespace mr = millrace;

namespace {

using support::task;

auto doubling() {
  return mr::from<int>(mr::many_producers, mr::replies) | mr::filter<"not seven">([](int n) { return n != 7; }) | mr::map<"double">([](int n) { return n == 13 ? throw std::runtime_error{"thirteen"} : 2L * n; }, mr::on_error(mr::skip));
}

/// Asks `n` times, waits for room if there is none, and adds the values up.
template <typename Input, typename Executor>
auto asks(Input in, Executor& by, int n, long& sum, int& refused) -> task {
  for (int i = 0; i < n;) {
    auto r = co_await in.on(by).async([&](int& e) { e = i; });
    if (r.how() == mr::ending::refused) {
      ++refused;
      if (!co_await in.on(by).room()) co_return;
      continue;
    }
    if (r.how() == mr::ending::stopped) co_return;
    sum += r.has_value() ? *r : r.how() == mr::ending::filtered ? 14 : 26;
    ++i;
  }
}

}  // namespace

TEST_CASE("coroutines ask, and an executor resumes them; without room they wait without a thread") {
  auto const slots = GENERATE(std::size_t{1}, std::size_t{2}, std::size_t{64});
  mr::loop loop;
  mr::runner run{doubling(), {.capacity = slots}};
  constexpr int crowd = 8, each = 200;
  std::vector<long> sums(crowd);
  int refused = 0;
  std::vector<task> all;
  for (auto& sum : sums) all.push_back(asks(run.input(), loop, each, sum, refused));
  loop.run_until([&] {
    for (auto const& t : all)
      if (!t.done()) return false;
    return true;
  });
  for (auto const sum : sums) CHECK(sum == each * (each - 1));
  if (slots == 1) CHECK(refused > 0);
  CHECK(run.finish().ok());
}

TEST_CASE("the worker resumes if it is asked to, and a coroutine there finds no room rather than wait") {
  mr::runner run{doubling(), {.capacity = 1}};
  std::thread::id by{};
  bool end = false;
  auto const here = std::this_thread::get_id();
  mr::future<long> last;
  auto const on_it = [](auto in, std::thread::id& who, bool& full, mr::future<long>& then) -> task {
    auto r = co_await in.on(mr::the_worker).async([](int& e) { e = 1; });
    who = std::this_thread::get_id();
    auto again = co_await in.on(mr::the_worker).async([](int& e) { e = 2; });
    full = r.has_value() && again.why() == mr::status::would_block;
    static_cast<void>(co_await in.on(mr::the_worker).room());
    then = in.submit(3);
  };
  {
    auto t = on_it(run.input(), by, end, last);
    CHECK(run.flush() == mr::status::ok);
    CHECK(run.finish().ok());
    CHECK(t.done());
  }
  CHECK(by != here);
  CHECK(end);
}

TEST_CASE("an event may be given as it is; what fill throws comes out of the co_await") {
  mr::loop loop;
  mr::runner run{doubling()};
  bool caught = false;
  long got = 0;
  auto const both = [](auto in, mr::loop& by, bool& threw, long& value) -> task {
    try {
      auto r = co_await in.on(by).async([](int&) { throw std::logic_error{"no"}; });
    } catch (std::logic_error const&) {
      threw = true;
    }
    auto r = co_await in.on(by).async(21);
    value = std::move(r).value();
  };
  auto t = both(run.input(), loop, caught, got);
  loop.run_until([&] { return t.done(); });
  CHECK(caught);
  CHECK(got == 42);
}

TEST_CASE("a stop token ends the waiting, and what has not begun is passed over") {
  mr::loop loop;
  int ran = 0;
  mr::runner run{mr::from<int>(mr::many_producers, mr::replies) | mr::map<"count">([&](int n) { return ++ran, n; }), {.paused = true}};
  auto const ask = [](auto in, mr::loop& by, std::stop_token stop, mr::ending& how) -> task {
    auto r = co_await in.on(by).async([](int& e) { e = 1; }, stop);
    how = r.how();
  };
  std::stop_source a, b, before;
  before.request_stop();
  mr::ending first{}, second{}, third{};
  auto one = ask(run.input(), loop, a.get_token(), first), two = ask(run.input(), loop, b.get_token(), second), three = ask(run.input(), loop, before.get_token(), third);
  CHECK(three.done());
  CHECK(third == mr::ending::stopped);
  a.request_stop();
  run.start();
  loop.run_until([&] { return one.done() && two.done(); });
  CHECK(first == mr::ending::stopped);
  CHECK(second == mr::ending::value);
  b.request_stop();
  CHECK(run.finish().done == 2);
  CHECK(ran == 1);
}

TEST_CASE("a suspended coroutine may be destroyed at any time, and the runner may end at any time") {
  std::minstd_rand dice{1};
  for (int round = 0; round < 300; ++round) {
    mr::loop loop;
    std::stop_source stop;
    {
      mr::runner run{doubling(), {.capacity = std::size_t{1} << dice() % 3, .plan = dice() % 2 == 0 ? mr::fused : mr::spread}};
      std::vector<std::optional<task>> all;
      std::vector<long> sums(6);
      int refused = 0;
      auto const stoppable = [](auto in, mr::loop& by, std::stop_token token) -> task {
        for (bool goes_on = true; goes_on;) {
          auto r = co_await in.on(by).async([](int& e) { e = 2; }, token);
          goes_on = r.has_value();
        }
      };
      for (auto& sum : sums) {
        if (dice() % 2 == 0) all.emplace_back(asks(run.input(), loop, 5, sum, refused));
        else all.emplace_back(stoppable(run.input(), loop, stop.get_token()));
      }
      std::thread stopper{[&, when = dice() % 3] {
        if (when == 0) run.stop();
        if (when == 1) static_cast<void>(run.finish());
        stop.request_stop();
      }};
      for (int i = 0; i < 10; ++i) {
        static_cast<void>(loop.run_one());
        if (dice() % 3 == 0) all[static_cast<std::size_t>(dice()) % all.size()].reset();
      }
      stopper.join();
      if (dice() % 2 == 0) all.clear();
      else
        while (std::erase_if(all, [](auto const& t) { return !t || t->done(); }), !all.empty()) static_cast<void>(loop.run_one());
    }
    while (loop.run_one()) {
    }
  }
  SUCCEED("nobody is left waiting, and nothing was touched that is gone");
}
