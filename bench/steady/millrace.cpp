// SPDX-License-Identifier: MIT
// Five stages of together 5 us on two workers, whose times are the same or drawn (CV 1, CV 3); from a source that has always more, and from
// a producer that asks for 0.55 of two workers.
#include <cstdio>

#include "scheduled/trial.hpp"
#include "steady/problem.hpp"

namespace bench::steady {
namespace {

using scheduled::drawn, scheduled::last, scheduled::source, scheduled::tally, scheduled::workload;

template <typename Sentence>
auto stages(Sentence begin, double cv, tally& seen) {
  return std::move(begin) | mr::map<"a">(drawn{400, cv, 1}) | mr::map<"b">(drawn{1200, cv, 2}) | mr::map<"c">(drawn{600, cv, 3}) | mr::map<"d">(drawn{2000, cv, 4}) | mr::map<"e">(drawn{800, cv, 5}) |
         mr::tap<"last">(last{1, &seen});
}

template <typename Make>
auto minute(workload<Make> w) -> entry {
  return {.where = &topic, .job = w.job, .contender = "millrace", .variant = "schedule(), from fused on", .run = [w](load const& l) {
            auto const o = one_run(w, mr::fused, true, l.smoke ? scheduled::time_span{0.02, 0.05} : scheduled::time_span{5, static_cast<double>(l.events)});
            if (o.late > 0) std::printf("%s, %s: %.0f changes late\n%s", topic.name, w.job.c_str(), o.late, o.why.c_str());
            return measured{.values = {o.late, o.early, o.what.values[0]}, .cpu_ns_per_event = o.what.cpu_ns_per_event};
          }};
}
auto both(char const* of_own, char const* of_producer, double cv) -> std::vector<entry> {
  return {minute(workload{.job = of_own, .make = [cv](auto& enough, tally& seen) { return stages(mr::generate(source{&enough}), cv, seen); }, .plans = {}}),
          minute(workload{.job = of_producer, .make = [cv](tally& seen) { return stages(mr::from<std::uint64_t>(), cv, seen); }, .plans = {}, .per_ms = 220})};
}
enter const entered[]{enter{both("1 overload, CV 0", "4 a part, CV 0", 0)}, enter{both("2 overload, CV 1", "5 a part, CV 1", 1)}, enter{both("3 overload, CV 3", "6 a part, CV 3", 3)}};

}  // namespace
}  // namespace bench::steady
