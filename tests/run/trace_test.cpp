// SPDX-License-Identifier: MIT
#include <millrace/run/trace.hpp>

#include <cctype>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>

#include <millrace.hpp>
#include <millrace/run/schedule.hpp>

#include "support/catch.hpp"

namespace mr = millrace;

namespace {

/// Reads JSON by its grammar, and throws where it is none.
class json_checker {
 public:
  explicit json_checker(std::string const& text) : at_{text.c_str()} {
    value();
    skip();
    need(*at_ == 0);
  }
  int objects = 0;

 private:
  static void need(bool ok) {
    if (!ok) throw std::runtime_error{"no JSON"};
  }
  void skip() {
    while (*at_ == ' ' || *at_ == '\n' || *at_ == '\t' || *at_ == '\r') ++at_;
  }
  void take(char c) {
    skip();
    need(*at_ == c);
    ++at_;
  }
  auto next_is(char c) -> bool {
    skip();
    return *at_ == c;
  }
  void text() {
    take('"');
    for (; *at_ != '"'; ++at_) {
      need(static_cast<unsigned char>(*at_) >= 0x20);
      if (*at_ != '\\') continue;
      ++at_;
      if (*at_ == 'u') {
        for (int i = 0; i < 4; ++i) need(std::isxdigit(static_cast<unsigned char>(*++at_)) != 0);
      } else {
        need(*at_ != 0 && std::string{"\"\\/bfnrt"}.find(*at_) != std::string::npos);
      }
    }
    ++at_;
  }
  void digits() {
    need(std::isdigit(static_cast<unsigned char>(*at_)) != 0);
    while (std::isdigit(static_cast<unsigned char>(*at_)) != 0) ++at_;
  }
  void number() {
    if (*at_ == '-') ++at_;
    digits();
    if (*at_ == '.') ++at_, digits();
    if (*at_ == 'e' || *at_ == 'E') {
      ++at_;
      if (*at_ == '+' || *at_ == '-') ++at_;
      digits();
    }
  }
  void value() {
    skip();
    if (*at_ == '{') {
      ++objects;
      take('{');
      while (!next_is('}')) text(), take(':'), value(), need(next_is('}') || next_is(',')), next_is(',') ? take(',') : void();
      take('}');
    } else if (*at_ == '[') {
      take('[');
      while (!next_is(']')) value(), need(next_is(']') || next_is(',')), next_is(',') ? take(',') : void();
      take(']');
    } else if (*at_ == '"') {
      text();
    } else {
      number();
    }
  }
  char const* at_;
};

auto at(double elapsed, double useful, std::int64_t depth) -> mr::metrics {
  mr::metrics m;
  m.elapsed_ns = elapsed, m.events.depth = depth;
  m.workers.push_back({.number = 1, .stages = "a \"b\\", .useful_ns = useful});
  return m;
}

}  // namespace

TEST_CASE("the checker of these tests knows what JSON is") {
  CHECK_NOTHROW(json_checker{R"( {"a":[1,-2.5e+3,"\u00e4\n"],"b":{}} )"});
  for (auto const* bad : {"", "{", "{\"a\"}", "[1 2]", "{\"a\":inf}", "\"\n\"", "\"\\x\"", "[1] 2", "{\"a\":1.}"}) CHECK_THROWS(json_checker{bad});
}

TEST_CASE("periods, depths and decisions as trace events") {
  mr::trace t;
  mr::scheduling::decision d;
  d.why = mr::scheduling::reason::more_load, d.at = 1.0000015, d.utilisation = std::numeric_limits<double>::infinity(), d.gain = 2;
  d.from = mr::plan{2, 1}, d.to = mr::plan{2, 1};
  d.from.give(0, 0, 1), d.to.give(0, 0, 1), d.to.give(1, 0, 1);
  t.note(at(1000, 400, 7), {}, 1'000'001'000);
  t.note(at(2000, 2400, 0), {d}, 1'000'002'000);
  t.note(at(3000, 2400, 0), {d}, 1'000'003'000);  // nothing new, and nothing done
  auto const out = t.json();
  json_checker const read{out};
  CHECK(read.objects == 1 + 2 * 2 + 3 * 2 + 2 * 2 + 2);
  CHECK(out.find(R"({"ph":"C","pid":1,"ts":1.000,"name":"ring 0","args":{"depth":7}})") != std::string::npos);
  CHECK(out.find(R"({"ph":"X","pid":1,"tid":1,"ts":0.000,"dur":0.400,"name":"a \"b\\","args":{"busy":0.4}})") != std::string::npos);
  CHECK(out.find(R"({"ph":"X","pid":1,"tid":1,"ts":1.000,"dur":1.000,"name":"a \"b\\","args":{"busy":1}})") != std::string::npos);
  CHECK(out.find(R"("ts":1.500,"name":"plan: more load","args":{"workers before":1,"workers":2,"fullest worker":1e+300,"gain promised":2}})") != std::string::npos);
}

TEST_CASE("no more is kept than asked for") {
  mr::trace t{3};
  for (int i = 1; i <= 10; ++i) t.note(at(i * 1e6, i * 1e3, i), {}, i * 1'000'000);
  CHECK(t.periods() == 3);
  auto const out = t.json();
  CHECK_NOTHROW(json_checker{out});
  CHECK(out.find("\"depth\":7}") == std::string::npos);
  CHECK(out.find("\"depth\":8}") != std::string::npos);
}

TEST_CASE("a runner is recorded while it works and its plans change") {
  mr::trace t;
  mr::workers crew{{.max = 2, .place = {.pin = false}}};
  mr::runner run{mr::from<int>() | mr::map<"a">([](int n) { return n; }) | mr::tap<"b">([](int) {}), crew, {.capacity = 64}};
  mr::schedule_options fixed;
  fixed.fixed = mr::plan{2, 2};
  fixed.fixed.give(0, 0, 1), fixed.fixed.give(1, 1, 1);
  fixed.tuned.period = 1e-4;
  auto const scheduler = mr::schedule(run, fixed);
  auto in = run.input();
  t.note(run, scheduler->decisions());
  while (scheduler->decisions().empty()) REQUIRE(in.publish([](int& n) { n = 1; }) == mr::status::ok);
  for (int i = 0; i < 10'000; ++i) REQUIRE(in.publish([](int& n) { n = 1; }) == mr::status::ok);
  CHECK(run.finish().ok());
  t.note(run, scheduler->decisions());
  auto const out = t.json();
  CHECK_NOTHROW(json_checker{out});
  CHECK(out.find("plan: fixed plan") != std::string::npos);
  CHECK(out.find("\"name\":\"worker 1\"") != std::string::npos);
}
