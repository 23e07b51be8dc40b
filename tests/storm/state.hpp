// SPDX-License-Identifier: MIT
// Where everything stands, as text: for a stall. Reads what belongs to workers, so nothing may be concluded from it but by a person.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <type_traits>

#include <millrace/run/engine.hpp>
#include <millrace/run/lifecycle.hpp>

namespace storm {

inline auto name_of(millrace::life l) -> char const* {
  constexpr char const* names[] = {"paused", "running", "draining", "stopping", "over"};
  return names[static_cast<std::size_t>(l)];
}

template <typename Engine>
auto state_of(Engine& e) -> std::string {
  std::string out;
  char row[256];
  auto const line = [&](char const* format, auto... arguments) {
    std::snprintf(row, sizeof row, format, arguments...);
    out.append(row).append("\n");
  };
  auto const wide = [](std::int64_t n) { return static_cast<long long>(n); };
  auto const mask = [](std::uint64_t m) { return static_cast<unsigned long long>(m); };
  auto const& course = e.course();
  line("  life %s, %zu members, plan %lld; others are %s", name_of(course.now()), course.members(), wide(e.board().version()), e.others().anybody() ? "going to sleep or asleep" : "awake");
  auto const plan = e.board().current();
  e.each_strand([&](auto& strand) {
    auto& ring = strand.ring();
    using segment = typename std::remove_reference_t<decltype(strand)>::segment;
    auto const first = strand.first_stage();
    line("  ring of %lld: published %lld, done %lld; producer waited for by %016llx", wide(ring.size.slots()), wide(ring.entered()), wide(ring.gate.reached()),
         mask(ring.producer.waiting().peek()));
    for (std::size_t s = 0; s < segment::stages; ++s)
      line("    stage %-10.*s at %lld, held %llx, waiting %016llx, wanting %016llx%s", static_cast<int>(segment::name(s).size()), segment::name(s).data(),
           wide(ring.stage[s].reached()), mask(ring.stage[s].held()), mask(ring.stage[s].waiting.peek()), mask(ring.stage[s].wanting.peek()),
           course.closed(first + s) ? ", closed" : "");
    for (std::size_t w = 0; w < e.workers(); ++w) {
      auto const& seat = strand.seat_of(w);
      out.append("    worker ").append(std::to_string(w)).append(ring.table[w].anybody() ? " (going to sleep or asleep)" : " (awake)");
      if (seat.missing) out.append(", misses lanes");
      for (std::size_t s = 0; s < segment::stages; ++s) {
        bool const planned = w < plan.workers() && plan.lanes(w, first + s) != 0;
        if (!planned && seat.wanted[s] == 0 && seat.held[s] == 0) continue;
        out.append("; ").append(segment::name(s)).append(planned ? " planned" : "");
        if (seat.wanted[s] != 0) out.append(" wanted");
        if (seat.held[s] != 0) out.append(" held at ").append(std::to_string(seat.at[s]));
      }
      out.append("\n");
    }
  });
  return out;
}

}  // namespace storm
