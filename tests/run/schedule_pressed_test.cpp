// SPDX-License-Identifier: MIT
// Runners that find their plans by themselves where processors are few, busy, or taken away. Only what must hold whatever is decided.
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include <millrace.hpp>
#include <millrace/run/schedule.hpp>

#include "support/affinity.hpp"
#include "support/catch.hpp"
#include "support/restless.hpp"

namespace mr = millrace;

namespace {

auto floating() -> mr::workers { return mr::workers{{.max = 2, .place = {.pin = false}}}; }

/// Two of the processors that this process may use; fewer if there are not as many.
auto some_cpus() -> std::vector<int> {
  auto cpus = mr::allowed_cpus();
  if (cpus.size() > 2) cpus.resize(2);
  return cpus;
}
/// All threads of the crew that there are so far run on these only.
template <typename Runner>
void confine(Runner& run, std::vector<int> const& cpus) {
  for (std::size_t w = 0; w < run.on().size(); ++w)
    if (auto const number = run.on().thread_number(w); number != 0) support::run_only_on(cpus, number);
}

template <int K>
inline constexpr auto stage_name = [] {
  mr::fixed_string<4> name{};
  name.text[0] = 's', name.text[1] = static_cast<char>('0' + K / 10), name.text[2] = static_cast<char>('0' + K % 10);
  return name;
}();
/// No lambda: its type would be named after the function it is in, which is named after the types of all stages so far, and so on.
struct add_one {
  auto operator()(std::int64_t x) const noexcept -> std::int64_t { return x + 1; }
};
/// Behind each other: each adds one.
template <int N, int K = 0, typename Sentence>
auto and_stages(Sentence&& so_far) {
  if constexpr (K == N) return std::forward<Sentence>(so_far);
  else return and_stages<N, K + 1>(std::forward<Sentence>(so_far) | mr::map<stage_name<K>>(add_one{}));
}

}  // namespace

TEST_CASE("forty stages, a hog on one processor, and processors that come and go: every event once and in order") {
  constexpr std::int64_t most = 3'000'000;
  auto crew = floating();
  auto const cpus = some_cpus();
  std::int64_t made = 0, next = 0, wrong = 0;
  std::shared_ptr<mr::scheduler const> pilot;
  auto const until_it_has_changed_often = [&]() -> std::optional<std::int64_t> {
    if (made % 4096 == 4095 && (made >= most || pilot->remembers().before.changes > 20)) return {};
    return made++;
  };
  mr::runner run{and_stages<39>(mr::generate(until_it_has_changed_often)) | mr::tap<"last">([&](std::int64_t x) { wrong += x != 39 + next++; }), crew, {.capacity = 256, .paused = true}};
  pilot = mr::schedule(run, support::restless());
  std::atomic<bool> enough{false};
  std::thread hog{[&] {
    support::run_only_on(cpus.front());
    while (!enough.load()) continue;
  }};
  std::thread taker{[&] {
    for (std::size_t k = 0; !enough.load(); ++k) {
      confine(run, k % 3 == 2 ? cpus : std::vector{cpus[k % 3 % cpus.size()]});
      if (k % 2 == 0 && run.apply(mr::spread) != mr::status::ok) break;  // else it finds one plan, and keeps it
      for (int i = 0; i < 100 && !enough.load(); ++i) std::this_thread::yield();
    }
  }};
  run.start();
  auto const r = run.finish();
  enough = true;
  hog.join(), taker.join();
  CHECK(r.ok());
  CHECK(next == made);
  CHECK(wrong == 0);
  if (pilot->error() != nullptr) CHECK_NOTHROW(std::rethrow_exception(pilot->error()));
}

TEST_CASE("a processor that is taken from the threads while they run is not counted, and counts again when it is given back") {
  auto const cpus = some_cpus();
  auto const left = mr::cpu_quota();
  if (cpus.size() < 2 || (left > 0 && left < 2)) return;  // nothing to take away
  auto crew = floating();
  std::int64_t n = 0, next = 0, wrong = 0;
  mr::runner run{mr::from<std::int64_t>() | mr::map<"a">([](std::int64_t x) { return x + 1; }) | mr::tap<"b">([&](std::int64_t x) { wrong += x != ++next; }), crew, {.plan = mr::groups{{"a"}, {"b"}}}};
  while (run.on().thread_number(0) == 0 || run.on().thread_number(1) == 0) std::this_thread::yield();
  confine(run, cpus);
  auto const pilot = mr::schedule(run, support::restless());
  auto in = run.input();
  auto const until = [&](auto condition) {
    while (!condition()) REQUIRE(in.publish([&](std::int64_t& e) { e = n++; }) == mr::status::ok);
  };
  auto const cores = [&] {
    auto const told = pilot->remembers().told;
    return told.stages.empty() ? 0 : told.cores;
  };
  until([&] { return cores() == 2; });
  confine(run, {cpus.back()});
  until([&] { return cores() == 1 && mr::scheduling::employed(run.current_plan()) == 1; });
  confine(run, cpus);
  until([&] { return cores() == 2; });
  CHECK(run.finish().ok());
  CHECK(next == n);
  CHECK(wrong == 0);
  CHECK(pilot->error() == nullptr);
}
