// SPDX-License-Identifier: MIT
// A random pipeline as a value, drawn from a seed while the program is compiled: which stages there are, what each stands behind, takes and
// makes. What reaches a stage follows from the README's words, not from what the library makes of them: the model of a run asks this.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

#include "storm/dice.hpp"

namespace storm {

enum class act : std::uint8_t { look, stir, brew, sift, halve };
enum class sort : std::uint8_t { small, buffer, large };
enum class sharing : std::uint8_t { none, keyed, pool };
enum class mishap : std::uint8_t { stop, skip, divert, retry };
enum class beginning : std::uint8_t { one, many, lanes, own };

constexpr auto bit_of(std::size_t i) noexcept -> std::uint64_t { return std::uint64_t{1} << i; }

/// Knots are the stages that have a handler of the storm's; sets of them are bits, those of values begin with the event.
struct input {
  int from = -1;              // the ring's event, or the result of a knot
  std::uint64_t missing = 0;  // it is not there unless these filters have said yes

  constexpr auto operator==(input const&) const -> bool = default;
};
struct inputs {
  static constexpr std::size_t most = 8;
  std::array<input, most> all{};
  std::size_t count = 0;

  constexpr void add(input i) {
    for (std::size_t k = 0; k < count; ++k)
      if (all[k].from == i.from) return;
    all[count++] = i;
  }
  [[nodiscard]] constexpr auto sure() const -> bool {
    for (std::size_t k = 0; k < count; ++k)
      if (all[k].missing != 0) return false;
    return true;
  }
  [[nodiscard]] constexpr auto bits() const -> std::uint64_t {
    std::uint64_t m = 0;
    for (std::size_t k = 0; k < count; ++k) m |= bit_of(static_cast<std::size_t>(all[k].from + 1));
    return m;
  }
  constexpr auto operator==(inputs const&) const -> bool = default;
};
struct knot {
  act does{};
  sort makes{};
  sharing shares{};
  mishap fails{};
  bool batches = false, hooked = false;
  bool takes = false;         // by name what is in `in`
  std::uint64_t jumps = 0;    // first mr::after these: bit 0 the event, bit k + 1 knot k
  std::uint8_t branch = 0;    // of a fan_out; 0: none
  bool opens = false;         // the fan_out begins here
  std::size_t ring = 0;
  std::size_t number = 0;     // of its stage in the pipeline
  inputs in{};
  std::uint64_t before = 0;   // knots that are done when an event comes here
  std::uint64_t filters = 0;  // knots that have said yes to it
};
struct topology {
  static constexpr std::size_t most = 16;
  std::array<knot, most> knots{};
  std::size_t size = 0, stages = 0;
  beginning begins{};
  std::array<sort, 2> events{};  // of each ring

  [[nodiscard]] constexpr auto sort_of(std::size_t ring, int from) const -> sort { return from < 0 ? events[ring] : knots[static_cast<std::size_t>(from)].makes; }
  [[nodiscard]] constexpr auto own_source() const -> std::size_t { return begins == beginning::own || begins == beginning::lanes ? 1 : 0; }
};

class gardener {
 public:
  constexpr explicit gardener(std::uint64_t seed) : dice_{seed} {}

  constexpr auto grow() -> topology {
    t_.begins = static_cast<beginning>(dice_.below(4));
    t_.events = {static_cast<sort>(dice_.below(3)), sort::small};
    t_.stages = t_.own_source();
    here_.values.add({});
    auto const wanted = dice_.between(5, 8);
    while (t_.size < wanted) {
      std::uint64_t jumps = 0;
      if (t_.size > ring_begin_ && dice_.one_in(3)) jumps = some_places(), here_ = behind(jumps);
      settle(here_, jumps);
      if (dice_.one_in(3) && t_.size + 4 <= wanted && here_.values.sure() && here_.values.count <= 2) fan(jumps);
      else if (one_producer() && here_.ring == 0 && t_.size > 1 && t_.size + 2 <= wanted && dice_.one_in(3) && can_halve()) open_ring(jumps);
      else add(here_, jumps);
    }
    return t_;
  }

 private:
  /// Where the sentence stands.
  struct place {
    std::uint64_t after = 0, filters = 0;
    inputs values{};
    std::size_t ring = 0;
  };
  [[nodiscard]] constexpr auto one_producer() const -> bool { return t_.begins == beginning::one || t_.begins == beginning::own; }
  [[nodiscard]] constexpr auto closure(std::uint64_t after) const -> std::uint64_t {
    auto all = after;
    for (std::size_t k = 0; k < t_.size; ++k)
      if ((after >> k & 1) != 0) all |= t_.knots[k].before;
    return all;
  }
  [[nodiscard]] constexpr auto passed(std::size_t k) const -> std::uint64_t { return t_.knots[k].filters | (t_.knots[k].does == act::sift ? bit_of(k) : 0); }
  /// A knot that may work on one of `values` meanwhile, though one of the two changes it; `size` if none.
  [[nodiscard]] constexpr auto conflict(std::uint64_t before, std::uint64_t values, bool changes) const -> std::size_t {
    for (std::size_t k = ring_begin_; k < t_.size; ++k)
      if ((before >> k & 1) == 0 && (t_.knots[k].in.bits() & values) != 0 && (changes || t_.knots[k].does == act::stir)) return k;
    return t_.size;
  }

  // ---- places
  constexpr auto some_places() -> std::uint64_t {
    std::uint64_t m = dice_.one_in(8) ? 1 : 0;
    while (m == 0)
      for (auto k = ring_begin_; k < t_.size; ++k)
        if (dice_.one_in(3)) m |= bit_of(k + 1);
    return m;
  }
  /// The place that mr::after names.
  [[nodiscard]] constexpr auto behind(std::uint64_t names) const -> place {
    place p{.after = names >> 1, .filters = (names & 1) != 0 ? 0 : ~std::uint64_t{0}, .ring = here_.ring};
    for (std::size_t k = 0; k < t_.size; ++k)
      if ((p.after >> k & 1) != 0) p.filters &= passed(k);
    inputs all;
    if ((names & 1) != 0) all.add({});
    for (std::size_t k = 0; k < t_.size; ++k)
      if ((p.after >> k & 1) != 0) {
        if (t_.knots[k].does == act::brew) all.add({static_cast<int>(k), passed(k) & ~p.filters});
        else add_doubted(all, t_.knots[k].in, passed(k) & ~p.filters);
      }
    for (std::size_t k = 0; k < all.count; ++k)
      if (all.all[k].from >= 0) p.values.add(all.all[k]);
    if (p.values.count == 0) p.values = all;
    return p;
  }
  static constexpr void add_doubted(inputs& sum, inputs const& more, std::uint64_t lost) {
    for (std::size_t k = 0; k < more.count; ++k) sum.add({more.all[k].from, more.all[k].from < 0 ? 0 : more.all[k].missing | lost});
  }
  /// Nobody may change what is read here: whoever does is waited for. Who reads what may be missing takes the event, too.
  constexpr void settle(place& at, std::uint64_t& jumps) const {
    for (;;) {
      auto const other = conflict(closure(at.after), at.values.bits() | (at.values.sure() ? 0 : 1), false);
      if (other == t_.size) return;
      jumps = (jumps == 0 ? at.after << 1 : jumps) | bit_of(other + 1);
      at = behind(jumps);
    }
  }
  constexpr void fan(std::uint64_t jumps) {
    auto const entry = here_;
    place sum{.filters = ~std::uint64_t{0}, .ring = entry.ring};
    std::array<place, 3> ends{};
    auto const branches = dice_.between(2, 3);
    for (std::size_t b = 0; b < branches; ++b) {
      auto& at = ends[b] = entry;
      auto const first = t_.size;
      for (auto n = dice_.between(1, 2); n > 0; --n) {
        bool const mine = at.values.all[0].from >= static_cast<int>(first);
        auto& k = add(at, b == 0 && t_.size == first ? jumps : 0, true, mine);
        k.branch = static_cast<std::uint8_t>(b + 1), k.opens = b == 0 && &k == &t_.knots[first];
      }
      sum.after |= at.after, sum.filters &= at.filters;
    }
    for (std::size_t b = 0; b < branches; ++b)
      if (ends[b].values != entry.values) add_doubted(sum.values, ends[b].values, ends[b].filters & ~sum.filters);
    if (sum.values.count == 0) sum.values = entry.values;
    here_ = sum;
  }

  // ---- stages
  /// Sequence numbers and events' numbers of the next ring are the same only if each event gets there.
  [[nodiscard]] constexpr auto can_halve() const -> bool {
    if (here_.filters != 0 || here_.values.count != 1 || !here_.values.sure()) return false;
    for (std::size_t k = 0; k < t_.size; ++k)
      if ((closure(here_.after) >> k & 1) != 0 && t_.knots[k].fails != mishap::stop) return false;
    return true;
  }
  constexpr void open_ring(std::uint64_t jumps) {
    auto& k = t_.knots[t_.size];
    k = {.does = act::halve, .jumps = jumps, .number = t_.stages++, .in = here_.values, .before = closure(here_.after)};
    ring_begin_ = ++t_.size;
    here_ = {.ring = 1};
    here_.values.add({});
  }
  /// In a branch only what the branch has made itself may be changed.
  constexpr auto add(place& at, std::uint64_t jumps, bool in_branch = false, bool mine = false) -> knot& {
    knot k{.does = static_cast<act>(dice_.below(4)), .makes = static_cast<sort>(dice_.below(3)), .jumps = jumps, .ring = at.ring, .in = at.values, .filters = at.filters};
    auto after = at.after;
    if (!at.values.sure() || dice_.one_in(5)) take(k, at, after);
    bool const single = k.in.count == 1 && k.in.sure();
    if (k.does == act::stir && (!single || k.takes || (in_branch && !mine) || conflict(closure(after), k.in.bits(), true) != t_.size)) k.does = act::look;
    if (k.does == act::brew && single && dice_.one_in(3)) k.shares = sharing::keyed, k.makes = sort::small;
    else if (k.does != act::stir && one_producer() && dice_.one_in(3)) k.shares = sharing::pool;
    else if (single && !k.takes && dice_.one_in(4)) k.batches = true;
    else k.hooked = dice_.one_in(3);
    if (!k.batches && dice_.one_in(2)) {
      k.fails = static_cast<mishap>(dice_.below(4));
      if (k.fails == mishap::retry && (k.does != act::look || k.shares != sharing::none)) k.fails = mishap::skip;
      if (k.fails == mishap::divert && !single) k.fails = mishap::skip;
    }
    if (k.fails == mishap::retry) k.hooked = false;
    if (k.shares == sharing::keyed) ++t_.stages;  // who deals the keys stands before it
    k.number = t_.stages++;
    if (k.fails == mishap::divert) ++t_.stages;  // and who gets its failures behind it
    k.before = closure(after);
    auto const self = t_.size++;
    t_.knots[self] = k;
    at.after = bit_of(self);
    if (k.does == act::sift) at.filters |= bit_of(self);
    if (k.does == act::brew) at.values = {}, at.values.add({static_cast<int>(self), 0});
    return t_.knots[self];
  }
  /// The event, and some results of whatever has any.
  constexpr void take(knot& k, place const& at, std::uint64_t& after) {
    inputs named;
    named.add({});
    if (conflict(closure(after), 1, false) != t_.size) return;  // the place is a good one without
    for (auto other = ring_begin_; other < t_.size && named.count < 3; ++other) {
      if (t_.knots[other].does != act::brew || dice_.one_in(2) || conflict(closure(after | bit_of(other)), bit_of(other + 1), false) != t_.size) continue;
      named.add({static_cast<int>(other), passed(other) & ~at.filters});
      after |= bit_of(other);
    }
    k.takes = true, k.in = named;
  }

  dice dice_;
  topology t_{};
  std::size_t ring_begin_ = 0;
  place here_{};
};

}  // namespace storm
