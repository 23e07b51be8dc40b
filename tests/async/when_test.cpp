// SPDX-License-Identifier: MIT
#include <array>
#include <deque>
#include <stdexcept>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include <millrace.hpp>
#include <millrace/async/std_future.hpp>

#include "support/catch.hpp"

namespace mr = millrace;
using namespace std::chrono_literals;

namespace {

auto doubling() {
  return mr::from<int>(mr::many_producers, mr::replies(64)) | mr::filter<"not seven">([](int n) { return n != 7; }) | mr::map<"double">([](int n) { return n == 13 ? throw std::runtime_error{"thirteen"} : 2L * n; }, mr::on_error(mr::skip));
}

}  // namespace

TEST_CASE("when_all gives all values, of one runner or of several") {
  mr::runner run{doubling()};
  mr::runner other{mr::from<int>(mr::replies) | mr::map<"text">([](int n) { return std::to_string(n); })};
  auto in = run.input();
  auto names = other.input();
  CHECK(mr::when_all(in.submit(1), names.submit(2), in.submit(3)).get() == std::tuple{2L, std::string{"2"}, 6L});
  auto const [a, b] = mr::when_all(in.submit(7), in.submit(8)).take();
  CHECK(a.how() == mr::ending::filtered);
  CHECK(*b == 16);
  CHECK_THROWS_WITH(mr::when_all(in.submit(1), in.submit(13)).get(), "thirteen");
}

TEST_CASE("when_any finds the first, leaves the others, and knows when there is none") {
  mr::runner held{doubling(), {.paused = true}};
  auto in = held.input();
  std::array<mr::future<long>, 3> f{in.try_submit(1), in.try_submit(2), in.try_submit(3)};
  CHECK(mr::when_any(f, 1ms) == 3);
  std::thread starter{[&] { held.start(); }};
  auto const first = mr::when_any(f);
  starter.join();
  CHECK(first < 3);
  CHECK(f[first].get() == 2 * (static_cast<long>(first) + 1));
  for (int left = 2; left > 0; --left) {
    auto const next = mr::when_any(f);
    REQUIRE(next < 3);
    CHECK(f[next].get() == 2 * (static_cast<long>(next) + 1));
  }
  CHECK(mr::when_any(f) == 3);
  mr::runner still{doubling(), {.paused = true}};
  auto there = still.input();
  std::array<mr::future<long>, 2> mixed{there.try_submit(1), mr::future<long>{}};
  mr::runner quiet{doubling(), {.paused = true}};
  mixed[1] = quiet.input().try_submit(1);
  CHECK_THROWS_AS(mr::when_any(mixed), mr::bad_call);
}

TEST_CASE("as std::future") {
  mr::runner run{doubling()};
  auto in = run.input();
  CHECK(mr::to_std(in.submit(4)).get() == 8);
  auto thrown = mr::to_std(in.submit(13)), filtered = mr::to_std(in.submit(7));
  CHECK(run.finish().ok());  // then no worker has the exception any more: who frees it is counted where the thread sanitizer does not see it
  CHECK_THROWS_WITH(thrown.get(), "thirteen");
  CHECK_THROWS_AS(filtered.get(), mr::no_reply);
}

TEST_CASE("a range goes in, and replies come back in order, whatever room there is") {
  auto const slots = GENERATE(std::size_t{1}, std::size_t{4}, std::size_t{256});
  mr::runner run{doubling(), {.capacity = slots, .plan = mr::spread}};
  auto in = run.input();
  std::deque<int> numbers;
  for (int n = 0; n < 1000; ++n) numbers.push_back(n);
  int n = 0;
  for (auto& r : in << numbers) {
    REQUIRE((n == 7 ? r.how() == mr::ending::filtered : n == 13 ? r.how() == mr::ending::failed : *r == 2L * n));
    ++n;
  }
  CHECK(n == 1000);
  SECTION("and one may stop in the middle") {
    for (auto& r : mr::results_of(in, numbers, 3)) {
      if (*r == 10) break;
    }
    CHECK(run.flush() == mr::status::ok);
  }
  SECTION("also when the pipeline is closed") {
    static_cast<void>(run.finish());
    n = 0;
    for (auto& r : in << numbers) n += r.why() == mr::status::closed;
    CHECK(n == 1000);
  }
}
