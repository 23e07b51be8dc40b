// SPDX-License-Identifier: MIT
// Growth: how the cost of an event grows with one size. A curve is a topology of its own, whose jobs are its points; each begins
// with its number. One producer at a time publishes one event at a time if the curve is not about that.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "support/problem.hpp"

namespace bench::growth {

constexpr auto curve(char const* name, char const* title, int order) -> topology {
  return {.name = name, .title = title, .order = order, .events = 10'000'000, .few = 2'000, .quantities = {{{"cost", "ns/event"}}}, .growth = true};
}

/// `run` says M events/s.
inline auto point(topology const& where, std::int64_t at, char const* of_what, char const* contender, char const* variant, role part, double share,
                  std::function<measured(load const&)> run) -> entry {
  return {.where = &where,
          .job = std::to_string(at).append(" ").append(of_what),
          .contender = contender,
          .variant = variant,
          .run =
              [run = std::move(run)](load const& l) {
                auto m = run(l);
                m.values[0] = 1e3 / m.values[0];
                return m;
              },
          .part = part,
          .share = share};
}

}  // namespace bench::growth
