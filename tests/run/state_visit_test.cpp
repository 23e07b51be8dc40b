// SPDX-License-Identifier: MIT
// Handlers with state of their own in a stage that is shared by key: split when it begins, merged when somebody asks.
#include <millrace/run/state_visit.hpp>

#include <atomic>
#include <cstdint>
#include <map>
#include <optional>
#include <thread>
#include <vector>

#include <millrace.hpp>

#include "support/catch.hpp"

namespace mr = millrace;

namespace {

struct order {
  std::int64_t key = 0, number = 0;
};
auto key_of(std::int64_t number) noexcept -> std::int64_t { return number * number % 97; }

/// Totals, which are nobody's in particular, and the last number of each key, which is its group's.
struct statistics {
  std::int64_t count = 0, sum = 0, least = INT64_MAX;
  std::map<std::int64_t, std::int64_t> last;

  void operator()(order const& o) { ++count, sum += o.number, least = o.number < least ? o.number : least, last[o.key] = o.number; }
  void keep_lane(std::size_t lane) {
    if (lane != 0) count = sum = 0, least = INT64_MAX;
    std::erase_if(last, [lane](auto const& l) { return mr::lane_of_key(l.first) != lane; });
  }
  void merge(statistics const& other) {
    count += other.count, sum += other.sum, least = other.least < least ? other.least : least;
    last.insert(other.last.begin(), other.last.end());
  }
  auto operator==(statistics const&) const -> bool = default;
};
/// One handler that has seen them all.
auto expected(std::int64_t begin, std::int64_t end, statistics seen = {}) -> statistics {
  for (auto i = begin; i < end; ++i) seen({key_of(i), i});
  return seen;
}
template <typename Run>
void publish(Run& run, std::int64_t begin, std::int64_t end) {
  auto in = run.input();
  for (auto i = begin; i < end; ++i)
    if (in.publish([&](order& o) { o = {key_of(i), i}; }) != mr::status::ok) return;
}

mr::grouping const plans[] = {mr::fused, mr::groups{{"keyed"}, {"keyed"}}, mr::groups{{"keyed"}, {"keyed"}, {"keyed"}}};
auto sentence(statistics const& begin = {}) { return mr::from<order>() | mr::tap<"keyed">(begin, mr::keyed_by(&order::key)); }

/// A table and nothing else: it can do both by itself.
struct balances : mr::keyed_state<std::int64_t, std::int64_t> {
  void operator()(order const& o) { (*this)[o.key] += o.number; }
};
struct counts_nothing {
  void operator()(order const&) const {}
  void merge(counts_nothing const&) const {}
};

}  // namespace

TEST_CASE("what is merged while events flow and a stage goes from one worker to several and back is what one handler has seen") {
  constexpr std::int64_t n = 40'000;
  mr::workers crew{{.max = 3, .place = {.pin = false}}};
  mr::runner run{sentence(), crew, {.capacity = 256}};
  std::atomic<bool> done{false};
  std::thread producer{[&] {
    publish(run, 0, n);
    done = true;
  }};
  std::thread changer{[&] {
    for (std::size_t i = 0; !done; ++i) {
      if (run.apply(plans[i % 3]) != mr::status::ok) break;
      std::this_thread::yield();
    }
  }};
  mr::sequence before = 0;
  statistics known;
  do {
    auto const all = run.merged<"keyed">();
    REQUIRE(all.has_value());
    known = expected(before, all->at, std::move(known));
    CHECK(all->handler == known);
    before = all->at;
  } while (!done);
  producer.join();
  changer.join();
  CHECK(run.finish().ok());
  auto const all = run.merged<"keyed">();
  REQUIRE(all.has_value());
  CHECK(all->at == n);
  CHECK(all->handler == expected(0, n));
}

TEST_CASE("what was merged begins another runner, which splits it again") {
  auto const end_of = [](statistics const& begin, std::int64_t from, std::int64_t to, mr::grouping const& plan) {
    mr::workers crew{{.max = 3, .place = {.pin = false}}};
    mr::runner run{sentence(begin), crew, {.capacity = 64, .plan = plan}};
    publish(run, from, to);
    REQUIRE(run.finish().ok());
    auto const all = run.merged<"keyed">();
    REQUIRE(all.has_value());
    return all->handler;
  };
  auto state = end_of({}, 0, 1000, plans[1]);
  CHECK(state == expected(0, 1000));
  state = end_of(state, 1000, 3000, plans[2]);
  state = end_of(state, 3000, 3001, plans[0]);
  CHECK(state == expected(0, 3001));
}

TEST_CASE("a keyed state merges by itself, and a handler without state is its own sum") {
  mr::workers crew{{.max = 2, .place = {.pin = false}}};
  mr::runner run{mr::from<order>() | mr::tap<"sums">(balances{}, mr::keyed_by(&order::key)) | mr::tap<"nothing">(counts_nothing{}, mr::keyed_by(&order::number)), crew,
                 {.capacity = 64, .plan = mr::groups{{"sums"}, {"sums", "nothing"}}}};
  publish(run, 0, 500);
  REQUIRE(run.flush() == mr::status::ok);
  auto const sums = run.merged<"sums">();
  REQUIRE(sums.has_value());
  std::map<std::int64_t, std::int64_t> by_hand;
  for (std::int64_t i = 0; i < 500; ++i) by_hand[key_of(i)] += i;
  CHECK(std::map<std::int64_t, std::int64_t>{sums->handler.begin(), sums->handler.end()} == by_hand);
  auto const nothing = run.merged<"nothing">();
  REQUIRE(nothing.has_value());
  CHECK(nothing->at == 500);
}

TEST_CASE("nothing is merged of a runner that stops before its lanes stand") {
  mr::workers crew{{.max = 1, .own_threads = true}};
  mr::runner run{sentence(), crew, {.capacity = 16}};
  publish(run, 0, 16);
  run.stop();  // nobody has run it: it has not ended yet
  CHECK(!run.merged<"keyed">().has_value());
  CHECK(run.finish().stopped);
  auto const all = run.merged<"keyed">();
  REQUIRE(all.has_value());
  CHECK(all->handler == statistics{});
}
