// SPDX-License-Identifier: MIT
#include <millrace/run/prometheus.hpp>

#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <millrace.hpp>

#include "support/catch.hpp"

namespace mr = millrace;

namespace {

/// The samples of an exposition by name and labels. Fails a test if it is none, by the rules of the format.
auto read(std::string const& text) -> std::map<std::string, double> {
  std::map<std::string, double> samples;
  std::map<std::string, std::string> type;
  std::string helped, family, line;
  REQUIRE(!text.empty());
  REQUIRE(text.back() == '\n');
  std::istringstream in{text};
  while (std::getline(in, line)) {
    INFO(line);
    std::istringstream words{line};
    std::string hash, what, name;
    if (line[0] == '#') {
      words >> hash >> what >> name;
      if (what == "HELP") {
        helped = name;
        REQUIRE(type.count(name) == 0);
      } else {
        REQUIRE(what == "TYPE");
        REQUIRE(name == helped);
        words >> type[name];
        REQUIRE((type[name] == "counter" || type[name] == "gauge"));
        REQUIRE((type[name] == "counter") == (name.size() > 6 && name.substr(name.size() - 6) == "_total"));
        family = name;
      }
      continue;
    }
    auto const open = line.find('{'), close = line.rfind("} ");
    REQUIRE(open != std::string::npos);
    REQUIRE(close != std::string::npos);
    REQUIRE(line.substr(0, open) == family);
    auto const key = line.substr(0, close + 1);
    REQUIRE(samples.count(key) == 0);
    std::size_t used = 0;
    auto const value = std::stod(line.substr(close + 2), &used);
    REQUIRE(used == line.size() - close - 2);
    samples[key] = value;
  }
  return samples;
}

}  // namespace

TEST_CASE("a snapshot as an exposition: a family with help and type, a sample for each ring, stage and worker") {
  mr::metrics m;
  m.events.capacity = 64, m.events.published = 10, m.events.done = 7, m.events.depth = 3, m.events.blocked_ns = 1'500'000'000;
  m.further.push_back({.capacity = 8, .published = 70, .done = 69, .depth = 1, .depth_max = 5, .depth_mean = 2.5, .blocked_ns = 0});
  m.stages.push_back({.name = "a", .worker = 1, .events = 7, .batches = 2, .failed = 1, .useful_ns = 2'000'000'000});
  m.workers.push_back({.number = 1, .cpu = -1, .stages = "a", .useful_ns = 2'000'000'001});
  auto const text = mr::to_prometheus(m, "app:orders");
  CHECK(text.rfind("# HELP app:orders_ring_capacity Slots of the ring.\n# TYPE app:orders_ring_capacity gauge\napp:orders_ring_capacity{ring=\"0\"} 64\napp:orders_ring_capacity{ring=\"1\"} 8\n# HELP ", 0) == 0);
  auto all = read(text);
  CHECK(all.size() == 2 * 10 + 4 + 1);
  CHECK(all["app:orders_ring_depth{ring=\"0\"}"] == 3);
  CHECK(all["app:orders_ring_published_total{ring=\"1\"}"] == 70);
  CHECK(all["app:orders_ring_blocked_seconds_total{ring=\"0\"}"] == 1.5);
  CHECK(all["app:orders_stage_failed_total{stage=\"a\"}"] == 1);
  CHECK(text.find("app:orders_worker_useful_seconds_total{worker=\"1\"} 2.000000001\n") != std::string::npos);
}

TEST_CASE("names are escaped, taps of one name added up, prefixes that are none refused") {
  mr::metrics m;
  m.stages.push_back({.name = "a\\b\"c\nd", .events = 1});
  m.stages.push_back({.name = "spy", .events = 2});
  m.stages.push_back({.name = "spy", .events = 40});
  auto const text = mr::to_prometheus(m);
  CHECK(text.find("millrace_stage_events_total{stage=\"a\\\\b\\\"c\\nd\"} 1\n") != std::string::npos);
  CHECK(read(text)["millrace_stage_events_total{stage=\"spy\"}"] == 42);
  for (auto const* prefix : {"", "1a", "a-b", "a b", "\n"}) CHECK_THROWS_AS(mr::to_prometheus(m, prefix), mr::bad_call);
}

TEST_CASE("counters of a runner only grow") {
  long sum = 0;
  mr::workers crew{{.max = 2, .place = {.pin = false}}};
  mr::runner run{mr::from<long>() | mr::expand<"twice">([](long n) { return std::vector<long>{n, n}; }) | mr::tap<"sum">([&](long n) { sum += n; }), crew, {.capacity = 64}};
  auto in = run.input();
  std::map<std::string, double> last;
  for (long i = 0; i < 2000; ++i) {
    REQUIRE(in.publish([&](long& n) { n = i; }) == mr::status::ok);
    if (i % 100 != 0) continue;
    auto const now = read(mr::to_prometheus(mr::snapshot(run)));
    for (auto const& [key, value] : last)
      if (key.find("_total{") != std::string::npos && now.count(key) != 0) CHECK(now.at(key) >= value);
    last = now;
    REQUIRE(run.apply(i % 200 == 0 ? mr::spread : mr::fused) == mr::status::ok);
  }
  CHECK(run.finish().ok());
  auto const end = read(mr::to_prometheus(mr::snapshot(run)));
  CHECK(end.at("millrace_ring_done_total{ring=\"1\"}") == 4000);
  CHECK(end.at("millrace_stage_events_total{stage=\"sum\"}") == 4000);
}
