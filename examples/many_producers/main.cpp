// SPDX-License-Identifier: MIT
// Several threads publish into one pipeline, in the two ways there are: all into one order that every stage sees, or each into a
// lane of its own. Returns 0 if each producer's events came once and in its own order, both ways.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <thread>
#include <vector>

#include <millrace.hpp>
namespace mr = millrace;

constexpr std::size_t producers = 3;
constexpr std::uint64_t readings = 100'000;  // of each
struct reading {
  std::size_t sensor;
  std::uint64_t number;
};

// [many_producers]
struct in_order {  // plain members: a stage has one owner at a time, however many publish
  std::array<std::uint64_t, producers> next{};
  bool good = true;
  void operator()(reading const& r) { good = good && r.number == next[r.sensor]++; }
  [[nodiscard]] auto complete() const -> bool { return good && next == std::array{readings, readings, readings}; }
};

template <typename Way>
auto readings_of_all(Way way) -> bool {
  in_order seen;
  mr::runner run{mr::from<reading>(way) | mr::tap<"see">([&](reading const& r) { seen(r); })};

  std::vector<std::thread> sensors;
  for (std::size_t s = 0; s < producers; ++s)
    sensors.emplace_back([s, in = run.input()]() mutable {  // a handle for each thread; it must not be shared by two
      for (std::uint64_t n = 0; n < readings; ++n)
        if (in.publish([&](reading& r) { r = {s, n}; }) != mr::status::ok) return;  // the runner was stopped
    });
  for (auto& s : sensors) s.join();  // first: finish() closes the ring to those that still publish
  run.finish().rethrow();
  return seen.complete();
}

int main() {
  // One order: all stages see the events as they were published, whoever published them. Costs each publish one
  // read-modify-write that the producers contend for.
  bool const one_order = readings_of_all(mr::many_producers);
  // A lane each: the pipeline takes from the lanes in turns. Each producer keeps its own order, and producers never meet: the
  // fast way, if nobody asks which of two producers was first.
  bool const lanes = readings_of_all(mr::lane_per_producer(producers));
  // [/many_producers]
  std::printf("one order: %s; a lane each: %s\n", one_order ? "right" : "wrong", lanes ? "right" : "wrong");
  return one_order && lanes ? 0 : 1;
}
