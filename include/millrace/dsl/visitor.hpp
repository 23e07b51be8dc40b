// SPDX-License-Identifier: MIT
// What comes to a pipeline that runs: judged as if it stood in the sentence, at the end of its first ring or behind stages that it names.
#pragma once
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include <millrace/dsl/attach.hpp>
#include <millrace/dsl/diagnostics.hpp>
#include <millrace/dsl/fan_out.hpp>
#include <millrace/dsl/pieces.hpp>

namespace millrace {

/// A tap in its place: the ring, and the node that it would be.
template <std::size_t Ring, typename Node>
struct visitor {
  static constexpr std::size_t ring = Ring;
  using node = Node;
  typename Node::handler f;
  std::size_t worker;  // npos: any
  [[no_unique_address]] decltype(Node::tries) tries;
};

/// On which worker of the crew an attached tap runs.
struct worker_option {
  static constexpr auto kind = option_kind::worker;
  std::size_t number;
};
/// `mr::tap<"spy">(f, mr::on_worker(2))`, for taps that are attached while the pipeline runs.
constexpr auto on_worker(std::size_t number) -> worker_option { return {number}; }

template <typename Part, fixed_string... Name>
inline constexpr bool stand_in = false;
template <typename S, typename T, typename... N, fixed_string... Name>
inline constexpr bool stand_in<pipeline<S, T, N...>, Name...> = ((Name.view() == event_name || index_of<N...>(Name.view()) != npos) && ...);

/// The first ring in which all these stages stand, else the first of all.
template <typename Parts, fixed_string... Name>
inline constexpr std::size_t ring_with = 0;
template <typename... Part, fixed_string... Name>
inline constexpr std::size_t ring_with<store<Part...>, Name...> = [] {
  std::size_t r = 0;
  static_cast<void>(((!stand_in<Part, Name...> && ++r != 0) && ...));
  return r == sizeof...(Part) ? 0 : r;
}();

/// Stages without the last of them.
template <typename Pipeline>
struct last_node;
template <typename S, typename T, typename... N>
struct last_node<pipeline<S, T, N...>> : std::type_identity<element<sizeof...(N) - 1, store<N...>>> {};

template <typename Pipeline, std::size_t Ring>
using ring_at = element<Ring, rings_of<Pipeline>>;

/// Options that only a stage of the sentence can have.
template <typename Options>
inline constexpr bool is_for_a_stage = how_many_of<option_kind::sharing, Options> + how_many_of<option_kind::degree, Options> + how_many_of<option_kind::release, Options> != 0;

/// The tap as it would stand at the end of the sentence `Place`.
template <std::size_t Ring, typename Place, fixed_string Name, typename F, typename Options>
constexpr auto settled(piece<verb::tap, Name, F, Options>& tap) {
  using Policy = typename option_of<option_kind::failure, error_option<stop_policy>, Options>::policy_type;
  if constexpr (is_for_a_stage<Options>) {
    option_of_a_stage<Name>();
    return refused{};
  } else if constexpr (Policy::in_the_end == remedy::divert) {
    divert_of_an_attached_tap<Name>();
    return refused{};
  } else {
    using Grown = decltype(attach(std::declval<Place>(), std::declval<piece<verb::tap, Name, F, Options>>()));
    if constexpr (std::is_same_v<Grown, refused>) {
      return refused{};
    } else {
      std::size_t worker = npos;
      if constexpr (!std::is_void_v<option_of<option_kind::worker, void, Options>>) worker = millrace::get<option_index<option_kind::worker, Options>>(tap.options.given).number;
      return visitor<Ring, typename last_node<Grown>::type>{std::move(tap.f), worker, millrace::attempts_of<Options>(tap)};
    }
  }
}
/// A tap at the end of the first ring's sentence.
template <typename Pipeline, fixed_string Name, typename F, typename Options>
constexpr auto visitor_of(std::type_identity<Pipeline>, piece<verb::tap, Name, F, Options>&& tap) { return millrace::settled<0, ring_at<Pipeline, 0>>(tap); }
/// A tap behind stages that it names, of whichever ring.
template <typename Pipeline, fixed_string... After, fixed_string Name, typename F, typename Options>
constexpr auto visitor_of(std::type_identity<Pipeline>, chain<after_piece<After...>, piece<verb::tap, Name, F, Options>>&& c) {
  constexpr auto ring = ring_with<rings_of<Pipeline>, After...>;
  return settled<ring, decltype(attach(std::declval<ring_at<Pipeline, ring>>(), std::declval<after_piece<After...>>()))>(millrace::get<1>(c.pieces));
}
template <typename Pipeline>
constexpr auto visitor_of(std::type_identity<Pipeline>, refused&&) -> refused { return {}; }
template <typename Pipeline, typename Other>
constexpr auto visitor_of(std::type_identity<Pipeline>, Other&&) -> refused {
  only_a_tap_can_be_attached<std::decay_t<Other>>();
  return {};
}

// ---- a reader: a place without a handler
struct any_look {
  template <typename... V>
  void operator()(V const&...) const {}
};
template <typename Pipeline, fixed_string... After>
constexpr auto visitor_of(std::type_identity<Pipeline> p, reader_place<After...>) {
  using Look = piece<verb::tap, "a reader", any_look, options<>>;
  if constexpr (sizeof...(After) == 0) return millrace::visitor_of(p, Look{{}, {}});
  else return millrace::visitor_of(p, chain<after_piece<After...>, Look>{{{after_piece<After...>{}}, {Look{{}, {}}}}});
}
/// How F can be called with what reaches the reader; none if it cannot. And why not.
template <typename Node, typename F>
constexpr auto form_for(std::type_identity<Node>, std::type_identity<F>) -> shape { return decltype(millrace::judge<verb::tap, false, F>(typename Node::inputs{}))::form; }
template <typename Node, typename F>
constexpr void explain_form(std::type_identity<Node>, std::type_identity<F>) {
  explain<Node::name, verb::tap, false, F, decltype(millrace::judge<verb::tap, false, F>(typename Node::inputs{}))>(typename Node::inputs{});
}

}  // namespace millrace
