// SPDX-License-Identifier: MIT
// A program that uses what there is of the interface, without a branch between: its own loops must not be taken for cold.
#include <chrono>
#include <cstdio>

#include <millrace.hpp>

namespace mr = millrace;

extern "C" auto user_program(long events) -> long {
  long sum = 0;
  mr::workers crew{{.max = 2}};
  mr::runner run{mr::from<long>() | mr::map<"twice">([](long n) { return n * 2; }) | mr::tap<"sum">([&](long n) { sum += n; }), crew,
                 {.plan = mr::groups{{"twice"}, {"sum"}}, .paused = true}};
  auto in = run.input();
  run.start();
  auto spy = run.attach(mr::tap<"spy">([](long const&) {}), mr::now);
  auto reader = run.reader(mr::now);
  auto dog = run.watchdog();
  auto all = run.apply(mr::fused) == mr::status::ok;
  for (long i = 0; i < events; ++i) all &= in.publish([&](long& e) { e = i; }) == mr::status::ok;
  for (long i = 0; i < events; i += 10) all &= in.publish(10, [&](long& e, std::size_t k) { e = i + static_cast<long>(k); }) == mr::status::ok;
  reader.poll([&](long n) { sum += n; });
  std::printf("%zu\n", dog.look(std::chrono::seconds{1}).size());
  all &= run.current_plan().workers() != 0 && run.flush() == mr::status::ok;
  std::printf("%s", text(mr::snapshot(run)).c_str());
  all &= run.finish_within(std::chrono::seconds{1}).ok();
  return all ? sum : 0;
}
