// SPDX-License-Identifier: MIT
// Branches, filters, and events that become several.
#include <array>

#include "scheduled/trial.hpp"

namespace bench::scheduled {
namespace {

enter const diamond{entries(workload{.job = "7 a diamond, times by chance (CV 1)",
                                     .make = [](auto& enough, tally& seen) {
                                       return mr::generate(source{&enough}) | mr::map<"begin">(drawn{200, 1, 1}) | mr::fan_out(mr::map<"left">(drawn{500, 1, 2}), mr::map<"right">(drawn{700, 1, 3})) |
                                              mr::tap<"last">(last{1, &seen});
                                     },
                                     .plans = splits({1, 200, 500, 700, 1})})};

enter const filters{entries(workload{.job = "8 filters",
                                     .make = [](auto& enough, tally& seen) {
                                       return mr::generate(source{&enough}) | mr::map<"decode">(even{200}) | mr::filter<"one in four">(sieve{300, 4}) | mr::map<"enrich">(even{1200}) |
                                              mr::filter<"one in two">(sieve{400, 8}) | mr::map<"price">(even{3000}) | mr::tap<"last">(last{8, &seen});
                                     },
                                     .plans = splits({1, 200, 300, 300, 100, 375, 1}),
                                     .step = 8})};

constexpr auto four = [](std::uint64_t x) noexcept -> std::array<std::uint64_t, 4> { return {4 * x, 4 * x + 1, 4 * x + 2, 4 * x + 3}; };
enter const expanding{entries(workload{.job = "9 one event becomes four",
                                       .make = [](auto& enough, tally& seen) {
                                         return mr::generate(source{&enough}) | mr::map<"parse">(even{600}) | mr::expand<"parts">(four) | mr::map<"each">(even{150}) | mr::map<"more">(even{100}) |
                                                mr::tap<"last">(last{1, &seen});
                                       },
                                       .plans = splits({1, 600, 20, 600, 400, 10}),
                                       .parts = 4})};

}  // namespace
}  // namespace bench::scheduled
