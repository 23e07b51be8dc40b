// SPDX-License-Identifier: MIT
// A drawn pipeline as a sentence: fan_out, mr::after, mr::takes, filters, rings, policies, wherever the dice put them.
#pragma once
#include <array>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include <millrace/dsl/sentence.hpp>

#include "storm/numbered_name.hpp"
#include "storm/reckoning.hpp"
#include "storm/topology.hpp"

namespace storm {

namespace mr = millrace;

template <sort S>
using sorted = std::conditional_t<S == sort::small, word, std::conditional_t<S == sort::large, box, text>>;

template <std::uint64_t Seed>
struct grown {
  static constexpr topology plan = gardener{Seed}.grow();
  static constexpr auto label = [] {
    std::array<char, 10> n{"grown 000"};
    for (std::size_t k = 0, rest = Seed; k < 3; ++k, rest /= 10) n[8 - k] = static_cast<char>('0' + rest % 10);
    return n;
  }();
  static constexpr char const* name = label.data();

  static auto sentence(world& w) { return from<0>(beginning_of<plan.begins>(w), w); }
  static auto sequential(world& w) { return from<0>(mr::from<event>(), w); }  // of lanes

  /// The model of a run.
  template <typename Events>
  static void reckon(world& w, Events const& events) {
    reckoning r{plan, w};
    for (auto const& e : events) r.enters(e.number());
  }
  /// Before its handlers are made. A stage has an event after those before it, unless these may have dropped it where the stage does not mind.
  static void prepare(world& w) {
    for (std::size_t k = 0; k < plan.size; ++k) {
      auto const& knot = plan.knots[k];
      if (knot.fails != mishap::stop) w.may_stumble(knot.number);
      if (knot.shares == sharing::keyed) w.history.is_shared(knot.number, keys_of::most, w.keys->part);
      if (knot.shares == sharing::pool) w.history.is_shared(knot.number, places, place_of);
      std::uint64_t surely = plan.begins == beginning::own && knot.ring == 0 ? 1 : 0;
      for (std::size_t before = 0; before < k; ++before)
        if ((knot.before >> before & 1) != 0 && (plan.knots[before].filters & ~knot.filters) == 0) surely |= bit_of(plan.knots[before].number);
      w.history.comes_after(knot.number, surely);
      if (knot.fails == mishap::divert) w.history.comes_after(knot.number + 1, surely | bit_of(knot.number));
    }
  }

 private:
  using event = sorted<plan.events[0]>;

  template <beginning B>
  static auto beginning_of(world& w) {
    if constexpr (B == beginning::one) return mr::from<event>();
    else if constexpr (B == beginning::many) return mr::from<event>(mr::many_producers);
    else if constexpr (B == beginning::lanes) return mr::from<event>(mr::lane_per_producer(world::many));
    else return mr::generate(spring<event>{w, 0});
  }

  // ---- the sentence, from knot K on
  template <std::size_t K, typename P>
  static auto from(P&& p, world& w) {
    if constexpr (K == plan.size) return std::forward<P>(p);
    else if constexpr (plan.knots[K].jumps != 0 && !std::is_same_v<std::remove_cvref_t<P>, mr::refused>) return on<K>(std::forward<P>(p) | places_of<plan.knots[K].jumps>(std::make_index_sequence<std::popcount(plan.knots[K].jumps)>{}), w);
    else return on<K>(std::forward<P>(p), w);
  }
  template <std::size_t K, typename P>
  static auto on(P&& p, world& w) {
    if constexpr (plan.knots[K].opens) return from<end_of_fan(K)>(std::forward<P>(p) | fan<K>(w, std::make_index_sequence<plan.knots[end_of_fan(K) - 1].branch>{}), w);
    else return from<K + 1>(std::forward<P>(p) | piece<K>(w), w);
  }
  static constexpr auto end_of_fan(std::size_t k) -> std::size_t {
    do ++k;
    while (k < plan.size && plan.knots[k].branch != 0 && !plan.knots[k].opens);
    return k;
  }
  template <std::size_t K, std::size_t... B>
  static auto fan(world& w, std::index_sequence<B...>) { return mr::fan_out(branch<first_of(K, B + 1), first_of(K, B + 2)>(w)...); }
  /// The first knot of a branch of the fan that begins at k, or its end.
  static constexpr auto first_of(std::size_t k, std::size_t branch) -> std::size_t {
    auto const end = end_of_fan(k);
    while (k < end && plan.knots[k].branch < branch) ++k;
    return k;
  }
  template <std::size_t K, std::size_t End>
  static auto branch(world& w) {
    if constexpr (K + 1 == End) return piece<K>(w);
    else return piece<K>(w) | branch<K + 1, End>(w);
  }

  // ---- names
  template <int From>
  static consteval auto name_of() {
    if constexpr (From < 0) return mr::fixed_string{"event"};
    else return numbered_name<static_cast<std::size_t>(From)>();
  }
  static constexpr auto nth_bit(std::uint64_t mask, std::size_t n) -> int {
    for (; n > 0; --n) mask &= mask - 1;
    return std::countr_zero(mask);
  }
  template <std::uint64_t Mask, std::size_t... I>
  static auto places_of(std::index_sequence<I...>) { return mr::after<name_of<nth_bit(Mask, I) - 1>()...>; }
  template <std::size_t K, std::size_t... I>
  static auto takes_of(std::index_sequence<I...>) { return mr::takes<name_of<plan.knots[K].in.all[I].from>()...>; }

  // ---- a stage: its options, then its verb and handler
  template <std::size_t K>
  static auto piece(world& w) {
    if constexpr (plan.knots[K].takes) return with_policy<K>(w, takes_of<K>(std::make_index_sequence<plan.knots[K].in.count>{}));
    else return with_policy<K>(w);
  }
  template <std::size_t K, typename... Option>
  static auto with_policy(world& w, Option... o) {
    constexpr auto& k = plan.knots[K];
    if constexpr (k.fails == mishap::skip) return with_form<K>(w, o..., mr::on_error(mr::skip));
    else if constexpr (k.fails == mishap::divert) return with_form<K>(w, o..., mr::on_error(mr::divert<numbered_name<K, 'd'>()>(salvage{w, k.number + 1})));
    else if constexpr (k.fails == mishap::retry) return with_form<K>(w, o..., mr::idempotent, mr::on_error(mr::retry(reckoning::retries, std::chrono::microseconds{1}, mr::skip)));
    else return with_form<K>(w, o...);
  }
  template <std::size_t K, typename... Option>
  static auto with_form(world& w, Option... o) {
    constexpr auto& k = plan.knots[K];
    constexpr auto n = numbered_name<K>();
    using made = sorted<plan.knots[K].makes>;
    auto const s = k.number;
    if constexpr (k.does == act::halve) return mr::expand<n>(halve{w, s}, o...);
    else if constexpr (k.shares == sharing::keyed) return mr::map<n>(keyed_brew{w, s}, mr::keyed_by(key_of{w.keys->key}), o...);
    else if constexpr (k.shares == sharing::pool) {
      if constexpr (k.does == act::look) return mr::tap<n>(common_look{w, s}, mr::stateless, o...);
      else if constexpr (k.does == act::brew) return mr::map<n>(common_brew<made>{w, s}, mr::stateless, o...);
      else return mr::filter<n>(common_sift{w, s}, mr::stateless, o...);
    } else if constexpr (k.batches) {
      if constexpr (k.does == act::look) return mr::tap<n>(look_at_all{w, s}, mr::in_batches, o...);
      else if constexpr (k.does == act::stir) return mr::change<n>(stir_all{w, s}, mr::in_batches, o...);
      else if constexpr (k.does == act::brew) return mr::map<n>(brew_all<made, sorted<plan.sort_of(plan.knots[K].ring, plan.knots[K].in.all[0].from)>>{w, s}, mr::in_batches, o...);
      else return mr::filter<n>(sift_all{w, s}, mr::in_batches, o...);
    } else if constexpr (k.fails == mishap::retry) return mr::tap<n>(stubborn{w, s}, o...);
    else if constexpr (k.does == act::look) return mr::tap<n>(maybe_hooked<K, look>{w, s}, o...);
    else if constexpr (k.does == act::stir) return mr::change<n>(maybe_hooked<K, stir>{w, s}, o...);
    else if constexpr (k.does == act::brew) return mr::map<n>(maybe_hooked<K, brew<made>>{w, s}, o...);
    else return mr::filter<n>(maybe_hooked<K, sift>{w, s}, o...);
  }
  template <std::size_t K, typename Handler>
  using maybe_hooked = std::conditional_t<plan.knots[K].hooked, hooked<Handler>, Handler>;
};

}  // namespace storm
