// SPDX-License-Identifier: MIT
#include <array>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include <millrace.hpp>

#include "support/catch.hpp"

namespace mr = millrace;
using namespace std::chrono_literals;

namespace {

auto const doubled = [](int const& n) { return 2L * n; };
auto doubling() { return mr::from<int>(mr::many_producers, mr::replies) | mr::map<"double">(doubled); }

}  // namespace

TEST_CASE("submit gives what flows out, by an event, by filling it, by returning it") {
  mr::runner run{doubling()};
  auto in = run.input();
  CHECK(in.submit(1).get() == 2);
  CHECK(in.submit([](int& e) { e = 2; }).get() == 4);
  CHECK(in.submit([] { return 3; }).get() == 6);
  CHECK(in.try_submit(4).get() == 8);
  CHECK(in.submit_for(1s, 5).get() == 10);
  auto r = in.submit(6).take();
  CHECK(r.how() == mr::ending::value);
  CHECK(*r == 12);
}

TEST_CASE("one producer may wait for replies too") {
  mr::runner run{mr::from<int>(mr::replies) | mr::map<"double">(doubled)};
  auto in = run.input();
  CHECK_THROWS_AS(run.input(), mr::bad_call);
  for (int n = 0; n < 10'000; ++n) REQUIRE(in.submit(n).get() == 2L * n);
  CHECK(run.finish().done == 10'000);
}

TEST_CASE("stages that are to be apart are apart from what was named, and replies go where the last one goes") {
  auto const say = [](long) {};
  mr::workers crew{{.max = 3, .place = {.pin = false}}};
  auto const ask = [](auto& run) { return run.input().submit(4).get(); };
  auto const worker_of = [](auto const& run, std::size_t stage) {
    auto const p = run.current_plan();
    std::size_t w = 0;
    while (p.lanes(w, stage) == 0) ++w;
    return w;
  };
  mr::runner last{doubling() | mr::tap<"slow">(say) | mr::apart<"slow">, crew};
  CHECK(ask(last) == 8);
  CHECK(worker_of(last, 0) == worker_of(last, 1));
  CHECK(worker_of(last, 2) != worker_of(last, 1));
  CHECK(worker_of(last, 2) == worker_of(last, 3));
  REQUIRE(last.apply(mr::spread) == mr::status::ok);
  CHECK(ask(last) == 8);
  REQUIRE(last.apply(mr::groups{{"slow"}, {"double"}}) == mr::status::ok);
  CHECK(worker_of(last, 3) == 0);
  CHECK_THROWS_AS(last.apply(mr::groups{{"slow", "double"}}), mr::bad_plan);

  mr::runner first{doubling() | mr::apart<"double"> | mr::tap<"see">(say), crew};
  CHECK(ask(first) == 8);
  CHECK(worker_of(first, 0) == worker_of(first, 1));
  CHECK(worker_of(first, 3) == worker_of(first, 2));

  mr::runner only{doubling() | mr::apart<"double">, crew};
  CHECK(ask(only) == 8);
}

TEST_CASE("replies come whatever the plan, while it changes, and for events that wait for none beside them") {
  mr::runner run{mr::from<int>(mr::many_producers, mr::replies) | mr::map<"a">(doubled, mr::stateless) | mr::tap<"b">([](long) {}) | mr::map<"c">([](long n) { return n + 1; }, mr::keyed_by([](long n) { return n; })),
                 {.capacity = 64}};
  bool all_taken = true;
  std::thread other{[&] {
    for (int i = 0; i < 200; ++i) {
      all_taken = run.apply(i % 2 == 0 ? mr::spread : mr::fused) == mr::status::ok && all_taken;
      std::this_thread::yield();
    }
  }};
  auto in = run.input();
  std::array<mr::future<long>, 16> under_way;
  for (int n = 0; n < 20'000; ++n) {
    auto& f = under_way[static_cast<std::size_t>(n % 16)];
    if (f.valid()) REQUIRE(f.get() == 2L * (n - 16) + 1);
    f = in.submit(n);
    if (n % 3 == 0) REQUIRE(in.publish([](int& e) { e = -1; }) == mr::status::ok);
  }
  other.join();
  CHECK(all_taken);
}

TEST_CASE("what flows out: the event, several results, what may be missing, what can only be moved") {
  SECTION("the event, as it is behind the last stage") {
    mr::runner run{mr::from<std::string>(mr::replies) | mr::change<"shout">([](std::string& s) { s += "!"; })};
    CHECK(run.input().submit("hey").get() == "hey!");
  }
  SECTION("several, and what a filter in a branch has dropped") {
    mr::runner run{mr::from<int>(mr::replies) | mr::fan_out(mr::map<"a">(doubled), mr::map<"b">([](int n) { return n > 3; }) | mr::filter<"big">([](bool big) { return big; }))};
    auto in = run.input();
    std::tuple<long, std::optional<bool>> const two = in.submit(1).get(), eight = in.submit(4).get();
    CHECK(two == std::tuple{2L, std::optional<bool>{}});
    CHECK(eight == std::tuple{8L, std::optional{true}});
  }
  SECTION("move-only") {
    mr::runner run{mr::from<int>(mr::replies) | mr::map<"make">([](int n) { return std::make_unique<int>(n); })};
    CHECK(*run.input().submit(7).get() == 7);
  }
}

TEST_CASE("what becomes of an event is one of these, and named") {
  mr::runner run{mr::from<int>(mr::many_producers, mr::replies) | mr::filter<"positive">([](int n) { return n > 0; }) |
                 mr::tap<"picky">([](int n) { if (n == 13) throw std::runtime_error{"thirteen"}; }, mr::on_error(mr::skip)) |
                 mr::filter<"small">([](int n) { return n < 100; }) |
                 mr::map<"touchy">([](int n) { return n == 42 ? throw std::out_of_range{"forty-two"} : n; }, mr::on_error(mr::divert<"aside">([](int, std::exception_ptr const&) {})))};
  auto in = run.input();
  auto const plans = GENERATE(0, 1);
  REQUIRE(run.apply(plans == 0 ? mr::fused : mr::spread) == mr::status::ok);
  CHECK(in.submit(5).get() == 5);
  auto no = in.submit(0).take();
  CHECK(no.how() == mr::ending::filtered);
  CHECK(no.stage() == "positive");
  CHECK(in.submit(100).take().stage() == "small");
  CHECK(in.submit(13).take().how() == mr::ending::failed);
  CHECK_THROWS_AS(in.submit(13).get(), std::runtime_error);
  CHECK_THROWS_AS(in.submit(42).get(), std::out_of_range);
  CHECK_THROWS_AS(in.submit(-1).get(), mr::no_reply);
  CHECK(in.submit(6).get() == 6);
  CHECK(run.finish().ok());
  auto closed = in.submit(1).take();
  CHECK(closed.how() == mr::ending::refused);
  CHECK(closed.why() == mr::status::closed);
}

TEST_CASE("what a filter in a branch has dropped has not failed there") {
  auto const strict = [](int n) { return n == 13 ? throw std::runtime_error{"thirteen"} : n > 3; };
  mr::runner run{mr::from<int>(mr::replies) | mr::fan_out(mr::map<"a">(doubled), mr::map<"b">([](int n) { return n; }) | mr::filter<"big">(strict, mr::on_error(mr::skip))) |
                 mr::tap<"late">([](long a, int const*) { if (a == 4) throw std::runtime_error{"two"}; }, mr::on_error(mr::skip))};
  auto in = run.input();
  REQUIRE(run.apply(GENERATE(0, 1) == 0 ? mr::fused : mr::spread) == mr::status::ok);
  CHECK(in.submit(1).get() == std::tuple{2L, std::optional<int>{}});
  CHECK(in.submit(4).get() == std::tuple{8L, std::optional<int>{4}});
  CHECK_THROWS_WITH(in.submit(13).get(), "thirteen");
  CHECK_THROWS_WITH(in.submit(2).get(), "two");
  CHECK(run.finish().ok());
}

TEST_CASE("an event that is tried again is replied to once, when it succeeds or has failed for good") {
  int calls = 0;
  mr::runner run{mr::from<int>(mr::replies) | mr::map<"flaky">([&](int n) { return ++calls % 3 == 0 || n < 0 ? (n < 0 ? throw std::runtime_error{"never"} : n) : throw std::runtime_error{"not yet"}; }, mr::idempotent,
                                                               mr::on_error(mr::retry(5, 0ms, mr::skip)))};
  auto in = run.input();
  CHECK(in.submit(4).get() == 4);
  CHECK(calls == 3);
  CHECK_THROWS_WITH(in.submit(-1).get(), "never");
}

TEST_CASE("a handler that stops all gives its exception to the one, and stopped to the others") {
  mr::runner run{mr::from<int>(mr::replies) | mr::map<"strict">([](int n) { return n == 2 ? throw std::runtime_error{"two"} : n; }), {.capacity = 8, .paused = true}};
  auto in = run.input();
  std::array<mr::future<int>, 5> f;
  for (int n = 0; n < 5; ++n) f[static_cast<std::size_t>(n)] = in.try_submit(n);
  run.start();
  CHECK(f[0].get() == 0);
  CHECK(f[1].get() == 1);
  CHECK_THROWS_WITH(f[2].get(), "two");
  CHECK(f[3].take().how() == mr::ending::stopped);
  CHECK(f[4].take().how() == mr::ending::stopped);
  CHECK(run.finish().failed_stage == "strict");
}

TEST_CASE("a pipeline that ends before it has begun leaves nobody waiting") {
  mr::future<long> stopped, destroyed, late;
  {
    mr::runner run{doubling(), {.paused = true}};
    auto in = run.input();
    stopped = in.try_submit(1);
    run.stop();
    destroyed = in.try_submit(1);
    CHECK_FALSE(run.finish().ok());
    CHECK(stopped.take().how() == mr::ending::stopped);
    CHECK(destroyed.take().why() == mr::status::closed);
  }
  {
    mr::runner run{doubling(), {.paused = true}};
    destroyed = run.input().try_submit(1);
  }
  CHECK(destroyed.take().how() == mr::ending::stopped);
}

TEST_CASE("futures and handles may outlive the runner, in any order") {
  mr::future<long> ready, unread;
  std::unique_ptr<decltype(std::declval<mr::runner<decltype(whole(doubling()))>&>().input())> handle;
  {
    mr::runner run{doubling()};
    handle.reset(new auto(run.input()));
    ready = handle->submit(4);
    unread = handle->submit(5);
  }
  CHECK(handle->submit(1).take().why() == mr::status::closed);
  auto const early = GENERATE(false, true);
  if (early) handle.reset();
  auto const how = ready.take().how();
  CHECK((how == mr::ending::value || how == mr::ending::stopped));
  unread.abandon();
  handle.reset();
}

TEST_CASE("states of futures are as many as said; who has none is refused, and others go on") {
  mr::runner run{mr::from<int>(mr::many_producers, mr::replies(2)) | mr::map<"double">(doubled)};
  auto in = run.input();
  auto a = in.submit(1), b = in.submit(2), c = in.submit(3);
  CHECK(c.take().why() == mr::status::refused);
  CHECK(run.flush() == mr::status::ok);
  CHECK(a.ready());
  CHECK(a.get() == 2);
  CHECK(in.submit(4).get() == 8);
  b.abandon();
  auto d = in.submit(5), e = in.submit(6);
  CHECK(d.get() + e.get() == 22);
}

TEST_CASE("no room is an answer where nobody waits for it") {
  mr::runner run{mr::from<int>(mr::many_producers, mr::replies(8)) | mr::map<"double">(doubled), {.capacity = 2, .paused = true}};
  auto in = run.input();
  auto a = in.try_submit(1), b = in.try_submit(2);
  CHECK(in.try_submit(3).take().why() == mr::status::would_block);
  CHECK_FALSE(a.wait_for(0ns));
  run.start();
  CHECK(a.wait_for(1h));
  CHECK(a.get() + b.get() == 6);
}

TEST_CASE("a fill that throws publishes nothing and keeps no state") {
  mr::runner run{mr::from<int>(mr::many_producers, mr::replies(1)) | mr::map<"double">(doubled)};
  auto in = run.input();
  for (int i = 0; i < 3; ++i) CHECK_THROWS_AS(in.submit([](int&) { throw std::logic_error{"no"}; }), std::logic_error);
  CHECK(in.submit(3).get() == 6);
}

TEST_CASE("then is called once, by the worker, here if it is known, or by an executor") {
  mr::loop loop;
  mr::runner run{doubling(), {.paused = true}};
  auto in = run.input();
  std::vector<std::pair<int, long>> seen;
  auto const here = std::this_thread::get_id();
  std::thread::id by{}, by_loop{};
  in.try_submit(1).then([&](mr::reply<long> r) { seen.emplace_back(1, *r), by = std::this_thread::get_id(); });
  in.try_submit(2).then([&](mr::reply<long> r) { seen.emplace_back(2, *r), by_loop = std::this_thread::get_id(), loop.stop(); }, loop);
  auto f = in.try_submit(3);
  run.start();
  CHECK(run.flush() == mr::status::ok);
  CHECK(seen.size() == 1);
  CHECK(by != here);
  loop.run();
  CHECK(by_loop == here);
  f.then([&](mr::reply<long> r) { seen.emplace_back(std::this_thread::get_id() == here ? 3 : 0, *r); });
  run.stop();
  in.submit(4).then([&](mr::reply<long> r) { seen.emplace_back(r.why() == mr::status::closed ? 4 : 0, 0); });
  CHECK(seen == std::vector<std::pair<int, long>>{{1, 2}, {2, 4}, {3, 6}, {4, 0}});
}

TEST_CASE("a worker that would wait for itself is told") {
  mr::future<int> behind;
  bool told = false;
  mr::runner run{mr::from<int>(mr::many_producers, mr::replies) | mr::map<"wait">([&](int n) {
    if (n != 1) return n;
    try {
      static_cast<void>(behind.get());
    } catch (mr::bad_call const&) {
      told = true;
    }
    behind.then([](mr::reply<int> const&) {});  // this is how a handler waits
    return n;
  }), {.paused = true}};
  auto in = run.input();
  auto first = in.try_submit(1);
  behind = in.try_submit(2);
  run.start();
  CHECK(first.get() == 1);
  CHECK(told);
}

TEST_CASE("who is attached sees what flows out beside the reply") {
  std::vector<std::string> seen;
  mr::runner run{mr::from<int>(mr::many_producers, mr::replies) | mr::map<"text">([](int n) { return std::string(40, static_cast<char>('a' + n)); })};
  auto spy = run.attach(mr::tap<"spy">([&](std::string const& s) { seen.push_back(s); }), mr::now);
  auto in = run.input();
  for (int n = 0; n < 20; ++n) CHECK(in.submit(n).get() == std::string(40, static_cast<char>('a' + n)));
  CHECK(run.finish().ok());
  CHECK(seen.size() == 20);
  CHECK(seen[7] == std::string(40, 'h'));
}

TEST_CASE("replies are destroyed as often as they are made") {
  auto const one = std::make_shared<int>(1);
  {
    mr::runner run{mr::from<int>(mr::many_producers, mr::replies) | mr::map<"make">([one](int) { return one; })};
    auto in = run.input();
    for (int n = 0; n < 100; ++n) {
      auto f = in.submit(n);
      if (n % 3 == 0) CHECK(f.get() == one);
      if (n % 3 == 1) f.then([](mr::reply<std::shared_ptr<int>> const&) {});
    }
  }
  CHECK(one.use_count() == 1);
}

TEST_CASE("a full ring that drops or refuses says so in the future") {
  mr::runner run{mr::from<int>(mr::many_producers, mr::replies(8), mr::on_full(mr::drop_newest)) | mr::map<"double">(doubled), {.capacity = 1, .paused = true}};
  auto in = run.input();
  auto a = in.submit(1), b = in.submit(2);
  CHECK(b.was_refused());
  CHECK(b.take().why() == mr::status::dropped);
  run.start();
  CHECK(a.get() == 2);
}
