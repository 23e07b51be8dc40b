// SPDX-License-Identifier: MIT
// One ring of a pipeline at compile time: its stages, what each of them needs, and the columns its slots are made of.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>

#include <millrace/base/owned.hpp>
#include <millrace/ring/column.hpp>
#include <millrace/ring/port.hpp>
#include <millrace/stage/graph.hpp>

namespace millrace {

template <typename Pipeline>
struct segment;

/// Stages are numbered in the order of the sentence; an own source is stage 0, and node k is then stage k + 1.
template <typename Source, typename Tip, typename... Node>
struct segment<pipeline<Source, Tip, Node...>> {
  using event = typename Source::event;
  using source_type = Source;
  using nodes = store<Node...>;
  static constexpr std::size_t size = sizeof...(Node);
  static constexpr bool own_source = Source::own;
  static constexpr bool many_producers = Source::many;  // there may be tombstones
  static constexpr bool from_lanes = Source::lanes;     // the own source takes from lanes
  using when_no_room = typename Source::when_no_room;
  static constexpr std::size_t stages = size + (own_source ? 1 : 0);
  static constexpr facts all[size + 1] = {Node::is..., facts{}};
  template <std::size_t K>
  using node_at = element<K, nodes>;

  static constexpr auto name(std::size_t stage) -> std::string_view {
    constexpr std::string_view names[size + 2] = {Node::name.view()..., {}, {}};
    if (own_source && stage == 0) return "source";
    return names[own_source ? stage - 1 : stage];
  }

  /// Nodes that take value `v` (0 the event, k + 1 the result of node k).
  static constexpr auto readers(std::size_t v) -> std::uint64_t {
    std::uint64_t mask = 0;
    for (std::size_t k = 0; k < size; ++k)
      if ((all[k].touches & bit(v)) != 0) mask |= bit(k);
    return mask;
  }
  static constexpr auto nodes_between(std::size_t i, std::size_t j) -> std::uint64_t { return (j == 64 ? ~std::uint64_t{0} : bit(j) - 1) & ~(bit(i) - 1); }

  /// Stages that stage s waits for; 0: the producer.
  static constexpr auto waits_for(std::size_t s) -> std::uint64_t {
    if constexpr (own_source) return s == 0 ? 0 : (all[s - 1].after == 0 ? 1 : all[s - 1].after << 1);
    else return all[s].after;
  }
  /// Stages that nobody waits for: a slot is free when they have passed it.
  static constexpr auto last_stages() -> std::uint64_t {
    std::uint64_t awaited = 0;
    for (std::size_t s = 0; s < stages; ++s) awaited |= waits_for(s);
    return nodes_between(0, stages) & ~awaited;
  }
  /// Stages that share the worker of stage s, itself among them; stages that must not.
  /// By their numbers in the whole pipeline, which has `all_stages`; known to its last ring.
  static constexpr auto together(std::size_t s) -> std::uint64_t { return millrace::together_with(s, typename Tip::said_of_plans{}); }
  static constexpr auto apart(std::size_t s, std::size_t all_stages = stages) -> std::uint64_t { return millrace::apart_from(s, typename Tip::said_of_plans{}) & nodes_between(0, all_stages); }
  /// Whoever publishes may wait for what flows out: the last stage gives the replies.
  static constexpr bool replies = ((Node::is.does == verb::reply) || ...);
  static auto desk_type() {
    if constexpr (replies) return std::type_identity<typename node_at<size - 1>::handler::desk>{};
    else return std::type_identity<nothing>{};
  }
  using desk = typename decltype(desk_type())::type;
  /// Nobody names the stage in plans: it goes where its neighbour goes.
  static constexpr auto follows(std::size_t s) -> bool { return deals(s) || (replies && (s == 0 || s + 1 == stages)); }
  static constexpr bool any_acks = (Node::is.acks || ...);
  /// The stage's cursor waits for acknowledgements.
  static constexpr auto acks([[maybe_unused]] std::size_t s) -> bool {
    if constexpr (!any_acks) return false;
    else if constexpr (own_source) return s != 0 && all[s - 1].acks;
    else return all[s].acks;
  }
  static constexpr bool is_batch_stage(std::size_t s) {
    if constexpr (own_source) return s != 0 && all[s - 1].form == shape::whole;
    else return all[s].form == shape::whole;
  }
  /// The stage publishes into the next ring.
  static constexpr std::size_t feeder = [] {
    std::size_t k = 0;
    while (k < size && all[k].does != verb::expand) ++k;
    return k;
  }();
  static constexpr bool feeds = feeder != size;
  static constexpr auto expands(std::size_t s) -> bool { return feeds && s == feeder + (own_source ? 1 : 0); }
  /// The stage replies to an event when all of its parts have passed the next ring.
  static constexpr auto awaits_parts(std::size_t s) -> bool { return feeds && replies && s + 1 == stages; }
  /// The stage publishes into another runner.
  static constexpr bool any_sends = ((Node::is.does == verb::into) || ...);
  static constexpr auto sends([[maybe_unused]] std::size_t s) -> bool {
    if constexpr (!any_sends) return false;
    else if constexpr (own_source) return s != 0 && all[s - 1].does == verb::into;
    else return all[s].does == verb::into;
  }
  /// Some stage lets an event fail without stopping all.
  static constexpr bool forgives = ((Node::is.in_the_end != remedy::stop) || ...);
  static constexpr bool has_retries = (Node::is.retries || ...);
  /// Some stage may be shared by several workers.
  static constexpr bool any_shared = ((Node::is.shares != sharing::none) || ...);
  static constexpr auto shares(std::size_t s) -> sharing {
    if constexpr (own_source) return s == 0 ? sharing::none : all[s - 1].shares;
    else return all[s].shares;
  }
  static constexpr bool any_keyed = ((Node::is.shares == sharing::by_key) || ...);
  /// Several workers may run it at once, whichever of them has time.
  static constexpr bool any_pools = ((Node::is.shares == sharing::by_place) || ...);
  static constexpr auto pools(std::size_t s) -> bool { return shares(s) == sharing::by_place; }
  /// The end of the row of such stages that begins with stage s, each behind the one before it and nothing else; s + 1 if s does not begin
  /// one of several.
  static constexpr auto row_of_pools(std::size_t s) -> std::size_t {
    auto const joins = [](std::size_t t) { return t > 0 && t < stages && pools(t) && pools(t - 1) && waits_for(t) == bit(t - 1); };
    auto end = s + 1;
    if (pools(s) && !joins(s))
      while (joins(end)) ++end;
    return end;
  }
  static constexpr auto lanes(std::size_t s) -> std::uint64_t { return shares(s) == sharing::none ? 1 : ~std::uint64_t{0}; }
  /// Workers that may run it at once, at least and at most; 0: as many as there are.
  static constexpr auto least_workers(std::size_t s) -> std::size_t { return own_source && s == 0 ? 1 : all[s - (own_source ? 1 : 0)].least_workers; }
  static constexpr auto most_workers(std::size_t s) -> std::size_t { return own_source && s == 0 ? 0 : all[s - (own_source ? 1 : 0)].most_workers; }
  /// The stage deals events to the lanes of the one behind it, and goes wherever the one before it goes.
  static constexpr auto deals(std::size_t s) -> bool { return s + 1 < stages && shares(s + 1) == sharing::by_key; }
  static constexpr auto in_the_end(std::size_t s) -> remedy {
    if constexpr (own_source) return s == 0 ? remedy::stop : all[s - 1].in_the_end;
    else return all[s].in_the_end;
  }
  static constexpr auto retries(std::size_t s) -> bool {
    if constexpr (own_source) return s != 0 && all[s - 1].retries;
    else return all[s].retries;
  }
  static auto outlet_type() {
    if constexpr (feeds) return std::type_identity<port<typename node_at<feeder>::result>>{};
    else return std::type_identity<port<void>>{};
  }
  using outlet = typename decltype(outlet_type())::type;
  /// The stage has a body of its own, which no other stage is part of.
  static constexpr auto stands_alone(std::size_t s) -> bool { return is_batch_stage(s) || expands(s) || awaits_parts(s) || sends(s) || retries(s); }

  /// The events of the next ring that one event has become.
  struct parts {
    sequence from, to;
  };
  /// What a ring of this segment stores. The one place that knows how slots are laid out. Events that a source returns are made
  /// when they are put: if everything is fused none ever is, and the ring's memory is never touched.
  struct slot_layout {
    store<column<event, (!own_source || Source::fills) && lives_in_ring<event>>, column<std::conditional_t<Node::makes_result, typename Node::result, void>, false>...> columns;
    std::array<owned<std::uint8_t[]>, size> status;  // of filter k per slot: 0, it goes on; else it or one before it said no
    std::array<owned<std::uint32_t[]>, forgives ? size : 0> failed;       // of node k per slot: the lap in which an event failed there
    std::array<owned<std::exception_ptr[]>, forgives ? size : 0> errors;  // and of what, if somebody is to see it
    std::array<owned<parts[]>, feeds && replies ? 1 : 0> became;          // per slot; for who waits for them

    /// `prepare(memory, bytes)` sees each column before it is touched.
    /// Throws     std::bad_alloc; what the event's constructor throws.
    template <typename Prepare>
    void allocate(capacity slots, Prepare prepare) {
      [&]<std::size_t... V>(std::index_sequence<V...>) {
        ((millrace::get<V>(columns).allocate(slots), prepare(millrace::get<V>(columns).memory(), millrace::get<V>(columns).bytes())), ...);
        (millrace::get<V>(columns).construct(), ...);
      }(std::make_index_sequence<size + 1>{});
      for (std::size_t k = 0; k < size; ++k)
        if (all[k].does == verb::filter) status[k].reset(new std::uint8_t[static_cast<std::size_t>(slots.slots())]());
      if constexpr (feeds && replies) became[0].reset(new parts[static_cast<std::size_t>(slots.slots())]());
      if constexpr (forgives)
        for (std::size_t k = 0; k < size; ++k) {
          if (all[k].in_the_end != remedy::stop) failed[k].reset(new std::uint32_t[static_cast<std::size_t>(slots.slots())]());
          if (all[k].in_the_end == remedy::divert || (replies && all[k].in_the_end == remedy::skip)) errors[k].reset(new std::exception_ptr[static_cast<std::size_t>(slots.slots())]);
        }
    }
    /// Destroys all events and results, and gives the memory back.
    void reset() noexcept {
      std::destroy_at(this);
      std::construct_at(this);
    }
  };
};

}  // namespace millrace
