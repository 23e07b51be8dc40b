// SPDX-License-Identifier: MIT
// Stages behind each other: cheap ones, dear ones, one that is dear, some whose times are drawn, many.
#include "scheduled/trial.hpp"
#include "support/stage_name.hpp"

namespace bench::scheduled {
namespace {

enter const very_cheap{entries(workload{.job = "1 three stages that do next to nothing",
                                        .make = [](auto& enough, tally& seen) {
                                          return mr::generate(source{&enough}) | mr::map<"a">(glimpse{}) | mr::map<"b">(glimpse{}) | mr::map<"c">(glimpse{}) | mr::tap<"last">(last{1, &seen});
                                        },
                                        .plans = splits({1, 1, 1, 1, 1})})};

enter const cheap{entries(workload{.job = "2 three stages of 2 ns",
                                        .make = [](auto& enough, tally& seen) {
                                          return mr::generate(source{&enough}) | mr::map<"a">(even{2}) | mr::map<"b">(even{2}) | mr::map<"c">(even{2}) | mr::tap<"last">(last{1, &seen});
                                        },
                                        .plans = splits({1, 2, 2, 2, 1})})};

enter const dear{entries(workload{.job = "3 five stages of 0.4 to 2 us",
                                  .make = [](auto& enough, tally& seen) {
                                    return mr::generate(source{&enough}) | mr::map<"a">(even{400}) | mr::map<"b">(even{1200}) | mr::map<"c">(even{600}) | mr::map<"d">(even{2000}) | mr::map<"e">(even{800}) |
                                           mr::tap<"last">(last{1, &seen});
                                  },
                                  .plans = splits({1, 400, 1200, 600, 2000, 800, 1})})};

enter const amid{entries(workload{.job = "4 one of 1 us among four of 20 ns",
                                  .make = [](auto& enough, tally& seen) {
                                    return mr::generate(source{&enough}) | mr::map<"a">(even{20}) | mr::map<"b">(even{20}) | mr::map<"dear">(even{1000}) | mr::map<"c">(even{20}) | mr::map<"d">(even{20}) |
                                           mr::tap<"last">(last{1, &seen});
                                  },
                                  .plans = splits({1, 20, 20, 1000, 20, 20, 1})})};

enter const heavy_tailed{entries(workload{.job = "10 four stages of 1 us, CV 3",
                                          .make = [](auto& enough, tally& seen) {
                                            return mr::generate(source{&enough}) | mr::map<"a">(drawn{1000, 3, 1}) | mr::map<"b">(drawn{1000, 3, 2}) | mr::map<"c">(drawn{1000, 3, 3}) |
                                                   mr::map<"d">(drawn{1000, 3, 4}) | mr::tap<"last">(last{1, &seen});
                                          },
                                          .plans = splits({1, 1000, 1000, 1000, 1000, 1})})};

constexpr std::size_t count = 24;
constexpr auto cost = [](std::size_t k) { return 10.0 + 10.0 * static_cast<double>(k * 7 % 6); };
template <std::size_t K = 0, typename Sentence>
auto all_of(Sentence so_far, tally& seen) {
  if constexpr (K == count) return std::move(so_far) | mr::tap<"last">(last{1, &seen});
  else return all_of<K + 1>(std::move(so_far) | mr::change<stage_name<K>>(even_in_place{cost(K)}), seen);
}
auto costs() -> std::vector<double> {
  std::vector<double> all{1};
  for (std::size_t k = 0; k < count; ++k) all.push_back(cost(k));
  return all.push_back(1), all;
}
enter const many{entries(workload{.job = "11 24 stages of 10 to 60 ns", .make = [](auto& enough, tally& seen) { return all_of(mr::generate(source{&enough}), seen); }, .plans = splits(costs())})};

}  // namespace
}  // namespace bench::scheduled
