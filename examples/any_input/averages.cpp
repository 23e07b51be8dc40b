// SPDX-License-Identifier: MIT
// The only file that knows the pipeline, and the only one that takes the time to compile it.
#include "averages.hpp"

#include <cmath>
#include <unordered_map>
#include <utility>

#include <millrace.hpp>
namespace mr = millrace;

struct averages::state {
  struct mean {
    double sum = 0;
    int count = 0;
  };
  std::unordered_map<std::string, mean> means;
};

// [make]
namespace {
auto sentence(auto& means) {
  return mr::from<measurement>()
       | mr::filter<"usable">([](measurement const& m) { return std::isfinite(m.value); })
       | mr::tap<"mean">([&means](measurement const& m) {
           auto& of = means[m.where];
           of.sum += m.value, ++of.count;
         });
}
}  // namespace

averages::averages() : state_{std::make_unique<state>()}, run_{mr::runner{sentence(state_->means)}}, in_{run_.input<measurement>()} {}
averages::~averages() = default;

auto averages::add(measurement m) -> bool { return in_.publish(std::move(m)) == mr::status::ok; }
auto averages::end() -> mr::report { return run_.finish(); }
auto averages::of(std::string const& where) -> double {
  auto const& m = state_->means[where];
  return m.sum / m.count;
}
// [/make]
