// SPDX-License-Identifier: MIT
// Several rings in a row on threads: whoever drives them, nothing is lost, reordered, or waits for ever.
#include <atomic>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <millrace.hpp>

#include "support/catch.hpp"

namespace mr = millrace;

namespace {

auto const upto = [](int const& n) {
  std::vector<int> v;
  for (int i = 0; i < n; ++i) v.push_back(i);
  return v;
};
auto numbers(int n) {
  return [n, i = 0]() mutable -> std::optional<int> { return i == n ? std::nullopt : std::optional{i++ % 7}; };
}
/// What must arrive behind `upto`.
auto right(int n) {
  std::vector<int> all;
  for (int i = 0; i < n; ++i)
    for (int k = 0; k < i % 7; ++k) all.push_back(k);
  return all;
}

}  // namespace

TEST_CASE("two rings, with any sizes, on any number of workers: all expanded events pass, in order") {
  for (std::size_t const first : {1u, 2u, 64u})
    for (std::size_t const second : {1u, 4u, 64u})
      for (std::size_t const threads : {1u, 2u, 3u}) {
        CAPTURE(first, second, threads);
        std::vector<int> seen;
        mr::workers crew{{.max = threads, .place = {.pin = false}}};
        mr::runner run{mr::generate(numbers(500)) | mr::expand<"upto">(upto, mr::ring_of(second)) | mr::tap<"see">([&](int n) { seen.push_back(n); }), crew,
                       {.capacity = first, .plan = mr::spread}};
        auto const report = run.finish();
        CHECK(report.ok());
        CHECK(report.published == 500);
        CHECK(seen == right(500));
      }
}

TEST_CASE("plans change while two rings are driven") {
  std::vector<int> seen;
  mr::workers crew{{.max = 3, .place = {.pin = false}}};
  mr::runner run{mr::from<int>() | mr::tap<"a">([](int) {}) | mr::expand<"upto">(upto, mr::ring_of(8)) | mr::tap<"b">([](int) {}) | mr::tap<"see">([&](int n) { seen.push_back(n); }), crew,
                 {.capacity = 16}};
  auto in = run.input();
  mr::grouping const plans[] = {mr::fused, mr::spread, mr::groups{{"see", "a"}, {"upto", "b"}}, mr::groups{{"b"}, {"upto"}, {"a", "see"}}};
  for (int i = 0; i < 5000; ++i) {
    REQUIRE(in.publish([&](int& n) { n = i % 7; }) == mr::status::ok);
    if (i % 5 == 0) REQUIRE(run.apply(plans[i / 5 % 4]) == mr::status::ok);
  }
  CHECK(run.flush() == mr::status::ok);
  CHECK(seen == right(5000));
  CHECK(run.finish().ok());
}

TEST_CASE("a flush waits for the last ring") {
  int seen = 0;
  mr::workers crew{{.max = 2, .place = {.pin = false}}};
  mr::runner run{mr::from<int>() | mr::expand<"upto">(upto) | mr::compact<"again">() | mr::tap<"see">([&](int) { ++seen; }), crew, {.capacity = 4, .plan = mr::spread}};
  auto in = run.input();
  for (int i = 1; i <= 100; ++i) {
    REQUIRE(in.publish([](int& n) { n = 3; }) == mr::status::ok);
    REQUIRE(run.flush() == mr::status::ok);
    CHECK(seen == 3 * i);
  }
}

TEST_CASE("a handler that throws in the second ring stops both, and the producer learns it") {
  mr::workers crew{{.max = 2, .place = {.pin = false}}};
  mr::runner run{mr::from<int>() | mr::expand<"upto">(upto) | mr::tap<"see">([](int n) { if (n == 5) throw std::runtime_error{"five"}; }), crew, {.capacity = 4}};
  auto in = run.input();
  auto s = mr::status::ok;
  for (int i = 0; s == mr::status::ok; ++i) s = in.publish([&](int& n) { n = i % 7; });
  CHECK(s == mr::status::closed);
  auto const report = run.finish();
  CHECK(report.failed_stage == "see");
  CHECK_THROWS_WITH(report.rethrow(), "five");
  CHECK(report.left > 0);
}

TEST_CASE("a handler that throws while it expands names its stage") {
  mr::runner run{mr::generate(numbers(10)) | mr::expand<"upto">([](int n) { return n == 3 ? throw std::runtime_error{"three"} : std::vector<int>(2); }) | mr::tap<"see">([](int) {})};
  auto const report = run.finish();
  CHECK(report.failed_stage == "upto");
  CHECK(report.failed_at == 3);
}

TEST_CASE("stopped in the middle of a range: what was kept of it is destroyed") {
  auto const alive = std::make_shared<int>();
  std::atomic<bool> stuck{false};
  {
    struct forever {
      std::shared_ptr<int> alive;
      struct iterator {
        int n = 0;
        auto operator*() const -> int { return n; }
        auto operator++() -> iterator& { return *this; }
        auto operator==(iterator const&) const -> bool { return false; }
      };
      auto begin() -> iterator { return {}; }
      auto end() -> iterator { return {}; }
    };
    mr::workers crew{{.max = 1, .place = {.pin = false}}};
    mr::runner run{mr::generate(numbers(10)) | mr::expand<"forever">([&](int) { return forever{alive}; }) | mr::tap<"see">([&](int) { stuck = true; }), crew, {.capacity = 4}};
    while (!stuck) std::this_thread::yield();
    run.stop();
    CHECK(run.finish().stopped);
  }
  CHECK(alive.use_count() == 1);
}

TEST_CASE("a snapshot knows the rings behind the first") {
  mr::runner run{mr::generate(numbers(70)) | mr::expand<"upto">(upto, mr::ring_of(8)) | mr::tap<"see">([](int) {})};
  CHECK(run.finish().ok());
  auto const m = mr::snapshot(run);
  REQUIRE(m.further.size() == 1);
  CHECK(m.further[0].capacity == 8);
  CHECK(m.further[0].published == 210);
  CHECK(m.further[0].done == 210);
  REQUIRE(m.stages.size() == 3);
  CHECK(m.stages[2].name == "see");
  CHECK(text(m).find("behind it ring of 8") != std::string::npos);
}
