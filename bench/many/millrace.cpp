// SPDX-License-Identifier: MIT
// Three producers as a sentence: all into one ring, or each with a lane.
#include "support/millrace.hpp"
#include "many/problem.hpp"

namespace bench::many {
namespace {

constexpr char const* name = "many, millrace";

auto crew_of_one() -> mr::workers { return mr::workers{{.max = 1, .place = {.cpus = {cpu_at(0)}}}}; }

template <typename Way>
auto through(Way way, std::int64_t batch) {
  return [way, batch](load const& l) {
    add_up seen;
    auto crew = crew_of_one();
    mr::runner run{mr::from<event>(way) | mr::tap<"sum">(reporting<add_up>{{}, &seen}), crew, {.capacity = capacity, .plan = mr::fused}};
    start_line ready{producers + 1};
    stopwatch watch;
    std::thread starter{[&] {
      ready.wait();
      watch.start();
    }};
    auto const put = [](mr::status done) { expect(name, done == mr::status::ok, "an event was not published"); };
    if (batch == 1) {  // a loop for each form, so that one does not cost the other registers
      produce(ready, l.events, 1, [&](std::size_t) {
        return [put, in = run.input()](std::int64_t i, std::int64_t) mutable { put(in.publish([&](event& e) { e.value = i; })); };
      });
    } else {
      produce(ready, l.events, batch, [&](std::size_t) {
        return [put, in = run.input()](std::int64_t i, std::int64_t n) mutable {
          put(in.publish(static_cast<std::size_t>(n), [&](event& e, std::size_t k) { e.value = i + static_cast<std::int64_t>(k); }));
        };
      });
    }
    starter.join();
    auto const report = run.finish();
    watch.stop();
    expect(name, report.ok() && report.tombstones == 0, "the pipeline did not end well");
    expect_equal(name, seen.sum, expected(l.events));
    return throughput(watch, each_of(l.events) * static_cast<std::int64_t>(producers));
  };
}

auto millrace(std::int64_t batch, char const* variant, std::function<measured(load const&)> how) -> entry {
  return {.where = &topic, .job = job(batch), .contender = "millrace", .variant = variant, .run = std::move(how)};
}

enter const entered{{millrace(1, "one order", through(mr::many_producers, 1)), millrace(1, "a lane each", through(mr::lane_per_producer(producers), 1)),
                     millrace(10, "one order", through(mr::many_producers, 10)), millrace(10, "a lane each", through(mr::lane_per_producer(producers), 10))}};

}  // namespace
}  // namespace bench::many
