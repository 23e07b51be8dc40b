// SPDX-License-Identifier: MIT
// A stage that both workers may run: by claims, or by lanes of keys.
#include "keyed/problem.hpp"
#include "scheduled/trial.hpp"

namespace bench::scheduled {
namespace {

enter const pool{entries(workload{.job = "5 the same without state",
                                  .make = [](auto& enough, tally& seen) {
                                    return mr::generate(source{&enough}) | mr::map<"a">(even{20}) | mr::map<"b">(even{20}) | mr::map<"dear">(even{1000}, mr::stateless) | mr::map<"c">(even{20}) |
                                           mr::map<"d">(even{20}) | mr::tap<"last">(last{1, &seen});
                                  },
                                  .plans = {mr::fused, mr::groups{{"source", "a", "b", "c", "d", "last"}, {"dear"}}, mr::groups{{"source", "a", "b", "dear", "c", "d", "last"}, {"dear"}},
                                            mr::groups{{"source", "a", "b", "dear"}, {"dear", "c", "d", "last"}}, mr::groups{{"source", "dear", "c", "d", "last"}, {"a", "b", "dear"}}}})};

/// A key's numbers are counted in a table, and the number goes on.
struct counting : even {
  mr::keyed_state<std::int64_t, std::int64_t> table{};
  using even::even;
  auto operator()(std::uint64_t x) -> std::uint64_t { return ++table[key_of(x)], even::operator()(x); }
  static auto key_of(std::uint64_t x) noexcept -> std::int64_t {
    static auto const* const drawn = keyed::keys().data();
    return drawn[x & ((1 << 20) - 1)];
  }
};
constexpr auto by_key = [](std::uint64_t x) noexcept { return counting::key_of(x); };

/// Source, lanes of the keys, work, last: the first worker has so many of the lanes, and the last stage or not.
auto with_lanes(unsigned lanes_of_the_first, std::size_t has_the_last) -> mr::grouping {
  auto const mine = mr::lanes_between(0, lanes_of_the_first);
  mr::plan p{2, 4};
  p.give(0, 0, 1), p.give(0, 1, 1), p.give(0, 2, mine), p.give(1, 2, ~mine), p.give(has_the_last, 3, 1);
  return p;
}
enter const keyed_stage{entries(workload{.job = "6 a stage with a table of keys",
                                         .make = [](auto& enough, tally& seen) {
                                           return mr::generate(source{&enough}) | mr::map<"work">(counting{300}, mr::keyed_by(by_key)) | mr::tap<"last">(last{1, &seen});
                                         },
                                         .plans = {mr::fused, mr::groups{{"source", "last"}, {"work"}}, with_lanes(32, 0), with_lanes(30, 0), with_lanes(28, 0), with_lanes(26, 0), with_lanes(24, 0),
                                                   with_lanes(32, 1), with_lanes(28, 1)}})};

}  // namespace
}  // namespace bench::scheduled
