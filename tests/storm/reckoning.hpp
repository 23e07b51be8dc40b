// SPDX-License-Identifier: MIT
// What the stages of a drawn pipeline see, event by event, and nothing of the library in it.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

#include "storm/handlers.hpp"
#include "storm/topology.hpp"

namespace storm {

class reckoning {
 public:
  reckoning(topology const& t, world& w) noexcept : t_{t}, world_{w} {}

  /// An event enters the first ring.
  void enters(std::uint64_t number) {
    if (t_.begins == beginning::own) sees(0, number, number);
    passes(0, number, number);
  }

 private:
  using values = std::array<std::uint64_t, topology::most + 1>;  // the event, and what knots have made of it

  /// One event of a ring, with what its producer has made.
  void passes(std::size_t ring, std::uint64_t number, std::uint64_t made) {
    values value;
    value.fill(~made);  // what is not there must not be taken
    value[0] = made;
    std::uint64_t yes = 0, failed = 0;
    for (std::size_t k = 0; k < t_.size; ++k) {
      auto const& knot = t_.knots[k];
      if (knot.ring != ring || (knot.filters & ~yes) != 0 || (knot.before & failed) != 0) continue;
      auto const seen = sum(knot, number, value, yes);
      if (fails(knot, number)) {
        failed |= bit_of(k);
        static_cast<void>(world_.history.comes(knot.number, number));
        if (knot.fails == mishap::divert) sees(knot.number + 1, number, seen + 1);
        continue;
      }
      sees(knot.number, number, seen);
      auto const salted = stirred(seen, knot.number);
      switch (knot.does) {
        case act::look: break;
        case act::stir: value[where(knot.in.all[0])] = stirred(value[where(knot.in.all[0])], knot.number); break;
        case act::brew: value[k + 1] = salted; break;
        case act::sift: yes |= salted % 8 != 0 ? bit_of(k) : 0; break;
        case act::halve: passes(1, 2 * number, salted), passes(1, 2 * number + 1, seen); break;
      }
    }
  }
  static auto where(input const& i) -> std::size_t { return static_cast<std::size_t>(i.from + 1); }
  [[nodiscard]] auto sum(knot const& knot, std::uint64_t number, values const& value, std::uint64_t yes) const -> std::uint64_t {
    std::uint64_t all = 0;
    for (std::size_t k = 0; k < knot.in.count; ++k) {
      auto const& i = knot.in.all[k];
      auto const one = (i.missing & ~yes) != 0 ? 0 : digest(t_.sort_of(knot.ring, i.from), number, value[where(i)]);
      all = k == 0 ? one : stirred(all, one);
    }
    return all;
  }
  static auto digest(sort s, std::uint64_t number, std::uint64_t value) -> std::uint64_t {
    return s == sort::small ? word::make(number, value).digest() : s == sort::large ? box::make(number, value).digest() : text::make(number, value).digest();
  }
  [[nodiscard]] auto fails(knot const& knot, std::uint64_t number) const -> bool {
    if (number == world_.fails_at[knot.number]) throw support::planned_failure{};
    auto const every = world_.stumbles[knot.number];
    if (knot.fails == mishap::retry) return stubborn::times(number, every) > retries;
    return every != 0 && number % every == every - 1;
  }
  void sees(std::size_t stage, std::uint64_t number, std::uint64_t value) {
    if (number == world_.fails_at[stage]) throw support::planned_failure{};
    world_.history.pass(stage, number, value);
  }

  topology const& t_;
  world& world_;

 public:
  static constexpr std::uint32_t retries = 2;
};

}  // namespace storm
