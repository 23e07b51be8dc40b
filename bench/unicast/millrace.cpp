// SPDX-License-Identifier: MIT
// Unicast as a sentence.
#include "support/millrace.hpp"
#include "unicast/problem.hpp"

namespace bench::unicast {
namespace {

constexpr char const* name = "unicast, millrace";

auto by_event(std::int64_t batch) {
  return [batch](load const& l) {
    add_up seen;
    auto crew = one_worker();
    mr::runner run{mr::from<event>() | mr::tap<"sum">(reporting<add_up>{{}, &seen}), crew,
                   {.capacity = capacity, .plan = mr::fused}};
    auto const result = drive<event>(run, name, l.events, batch, fill);
    expect_equal(name, seen.sum, expected(l.events));
    return result;
  };
}

/// The same consumer, given whole batches.
struct add_up_batches {
  add_up each{};
  void operator()(mr::batch<event const> batch) noexcept {
    for (auto const& e : batch) each(e);
  }
};

auto by_batch(std::int64_t batch) {
  return [batch](load const& l) {
    add_up_batches seen;
    auto crew = one_worker();
    mr::runner run{mr::from<event>() | mr::tap<"sum">(reporting<add_up_batches>{{}, &seen}, mr::in_batches), crew,
                   {.capacity = capacity, .plan = mr::fused}};
    auto const result = drive<event>(run, name, l.events, batch, fill);
    expect_equal(name, seen.each.sum, expected(l.events));
    return result;
  };
}

auto millrace(std::int64_t batch, char const* variant, std::function<measured(load const&)> how) -> entry {
  return {.where = &topic, .job = job(batch), .contender = "millrace", .variant = variant, .run = std::move(how)};
}

enter const entered{{millrace(1, "fused", by_event(1)), millrace(1, "fused, handler takes batches", by_batch(1)),
                     millrace(10, "fused", by_event(10)), millrace(10, "fused, handler takes batches", by_batch(10)),
                     millrace(1024, "fused", by_event(1024)), millrace(1024, "fused, handler takes batches", by_batch(1024))}};

}  // namespace
}  // namespace bench::unicast
