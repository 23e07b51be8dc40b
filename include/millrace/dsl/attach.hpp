// SPDX-License-Identifier: MIT
// A piece takes its place: it is resolved against where the sentence stands, checked, and appended to one flat list of nodes.
// Nothing nests, and only facts are computed here; slots and bodies are instantiated by whoever runs the pipeline.
#pragma once
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include <millrace/dsl/judge.hpp>
#include <millrace/dsl/known.hpp>
#include <millrace/dsl/pieces.hpp>
#include <millrace/dsl/reply_stage.hpp>
#include <millrace/stage/expander.hpp>

namespace millrace {

/// The known name nearest to a wrong one, as an index; the number of nodes for "event"; npos if none is near.
/// Only instantiated when a sentence is refused.
template <typename... Node>
constexpr auto nearest(std::string_view name) -> std::size_t {
  auto const distance = [](std::string_view a, std::string_view b) {
    std::size_t row[64]{};
    if (b.size() >= 64) return std::size_t{64};
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
      auto corner = row[0];
      row[0] = i;
      for (std::size_t j = 1; j <= b.size(); ++j) {
        auto const changed = corner + (a[i - 1] == b[j - 1] ? 0 : 1);
        corner = row[j];
        auto const added = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
        row[j] = added < changed ? added : changed;
      }
    }
    return row[b.size()];
  };
  std::size_t best = npos, least = name.size() / 2 + 1;
  std::size_t i = 0;
  auto const look = [&](std::string_view known) {
    if (auto const d = distance(name, known); d < least) least = d, best = i;
    ++i;
  };
  (look(Node::name.view()), ...);
  look(event_name);
  return best;
}

template <fixed_string Stage, fixed_string Name, typename Tip, typename... Node>
constexpr void explain_name() {
  constexpr auto what = known<Tip, Node...>::problem(Name.view());
  if constexpr (what == name_problem::unknown && Tip::elsewhere::find(Name.view()) != Tip::elsewhere::size) {
    named_stage_is_in_an_earlier_ring<Stage, Name>();
  } else if constexpr (what == name_problem::no_result) {
    named_stage_has_no_result<Stage, Name>();
  } else if constexpr (what == name_problem::unknown) {
    constexpr auto near = nearest<Node...>(Name.view());
    if constexpr (near == npos) no_such_name<Stage, Name>();
    else if constexpr (near == sizeof...(Node)) no_such_name_but<Stage, Name, "event">();
    else no_such_name_but<Stage, Name, element<near, store<Node...>>::name>();
  }
}
/// Says what is wrong with the first wrong name of `takes`.
template <fixed_string Stage, typename Tip, typename... Node, fixed_string First, fixed_string... Rest>
constexpr void explain_names(known<Tip, Node...> names, takes_option<First, Rest...>) {
  if constexpr (known<Tip, Node...>::problem(First.view()) != name_problem::none) explain_name<Stage, First, Tip, Node...>();
  else millrace::explain_names<Stage>(names, takes_option<Rest...>{});
}
template <typename Known, fixed_string... Name>
constexpr auto all_known(takes_option<Name...>) noexcept -> bool {
  return ((Known::problem(Name.view()) == name_problem::none) && ...);
}

/// Where the sentence stands behind node `Self`: a map hands on its result; everything else passes on what reached it.
template <typename Tip, std::size_t Self, verb Does, typename Result>
using tip_behind = tip_at<Tip, bit(Self), Tip::filters | (Does == verb::filter ? bit(Self) : 0),
                          std::conditional_t<Does == verb::map, values<value<static_cast<int>(Self), Result>>, typename Tip::values>>;

// ---- stages that are shared by key
template <typename Options>
inline constexpr bool shared_by_key = sharing_of<option_of<option_kind::sharing, void, Options>> == sharing::by_key;
template <typename KeyOf, typename... V>
constexpr auto key_fits(values<V...>) noexcept -> bool { return has_key<KeyOf, V...>; }
template <typename... V>
auto shown_values(values<V...>) -> gets<typename V::seen...>;

template <fixed_string Name>
consteval auto dealer_name() {
  fixed_string<sizeof Name.text + 6> out;
  std::size_t i = 0;
  for (char const c : std::string_view{"lanes "}) out.text[i++] = c;
  for (char const c : Name.view()) out.text[i++] = c;
  return out;
}
/// The stage that deals events to the lanes of the next one: it is named after it.
template <fixed_string Name, typename Inputs, std::uint64_t After, typename Source, typename Tip, typename... Node, typename KeyOf>
constexpr auto deal(pipeline<Source, Tip, Node...>&& p, KeyOf&& key_of) {
  if constexpr (sizeof...(Node) + 2 > most_stages) {
    too_many_stages<Name>();
    return refused{};
  } else if constexpr (constexpr auto other = known<Tip, Node...>::conflict(known<Tip, Node...>::closure(After), millrace::bits_of(Inputs{}), false); other != npos) {
    stages_touch_one_value<Name, element<other, store<Node...>>::name>();
    return refused{};
  } else {
    constexpr auto before = known<Tip, Node...>::closure(After);
    constexpr facts is{.does = verb::map,
                       .form = shape::each,
                       .ring = Tip::ring,
                       .after = After,
                       .before = before,
                       .filters = Tip::filters,
                       .asks = last_of(Tip::filters) | millrace::doubts_of(Inputs{}),
                       .touches = millrace::bits_of(Inputs{}),
                       .troubles = before & known<Tip, Node...>::forgiving()};
    using New = node<dealer_name<Name>(), is, dealer<std::remove_cvref_t<KeyOf>>, Inputs, std::uint8_t>;
    return pipeline<Source, Tip, Node..., New>{std::move(p.from), millrace::append(std::move(p.nodes), New{dealer<std::remove_cvref_t<KeyOf>>{std::move(key_of)}})};
  }
}

// ---- failures
template <typename Piece>
constexpr auto policy_of(Piece& s) -> auto& { return millrace::get<option_index<option_kind::failure, decltype(s.options)>>(s.options.given).policy; }
template <typename Options, typename Piece>
constexpr auto attempts_of([[maybe_unused]] Piece& s) {
  using Policy = typename option_of<option_kind::failure, error_option<stop_policy>, Options>::policy_type;
  if constexpr (Policy::retries) return attempts{.times = millrace::policy_of(s).times, .pause_ns = millrace::policy_of(s).pause_ns};
  else return no_attempts{};
}
template <fixed_string Name, typename F>
constexpr auto diverting(divert_policy<Name, F>& p) -> divert_policy<Name, F>& { return p; }
template <typename Then>
constexpr auto diverting(retry_policy<Then>& p) -> auto& { return millrace::diverting(p.then); }

template <typename F, typename... V>
inline constexpr bool takes_failures = false;
template <typename F, typename... V>
inline constexpr bool takes_failures<F, values<V...>> = std::is_invocable_v<F&, typename V::seen..., std::exception_ptr const&>;
template <typename... V>
auto shown_failure(values<V...>) -> gets<typename V::seen..., std::exception_ptr const&>;

/// Stage `Of`, the last node, gets a stage that sees its failures: beside what follows, so the sentence stands where it stood.
template <fixed_string Of, facts Is, typename Inputs, typename Source, typename Tip, typename... Node, fixed_string Name, typename F>
constexpr auto divert_from(pipeline<Source, Tip, Node...>&& p, divert_policy<Name, F>& policy) {
  constexpr auto of = sizeof...(Node) - 1;
  if constexpr (Name.view().empty() || Name.view() == event_name || Name.view() == source_name) {
    name_is_reserved<Name>();
    return refused{};
  } else if constexpr (sizeof...(Node) == most_stages) {
    too_many_stages<Name>();
    return refused{};
  } else if constexpr (index_of<Node...>(Name.view()) != npos || Tip::elsewhere::find(Name.view()) != Tip::elsewhere::size) {
    name_exists_already<Name>();
    return refused{};
  } else if constexpr (!takes_failures<F, Inputs>) {
    divert_cannot_take<Name, Of, decltype(shown_failure(Inputs{})), signature_t<F>>();
    return refused{};
  } else {
    constexpr facts is{.does = verb::divert,
                       .form = shape::each,
                       .ring = Tip::ring,
                       .after = bit(of),
                       .before = Is.before | bit(of),
                       .filters = Is.filters,
                       .asks = Is.asks,
                       .touches = Is.touches,
                       .troubles = Is.troubles};
    using New = node<Name, is, F, Inputs, void>;
    return pipeline<Source, Tip, Node..., New>{std::move(p.from), millrace::append(std::move(p.nodes), New{std::move(policy.f)})};
  }
}

// ---- another ring
template <typename Elsewhere, bool OwnSource, typename... Node>
struct names_with;
template <fixed_string... Name, bool OwnSource, typename... Node>
struct names_with<stage_names<Name...>, OwnSource, Node...>
    : std::conditional<OwnSource, stage_names<"source", Node::name...>, stage_names<Name..., Node::name...>> {};

/// The ring ends with this stage, and the sentence stands at the beginning of the next.
template <fixed_string Name, facts Is, typename Range, typename Inputs, typename Source, typename Tip, typename... Node, typename F, typename Options>
constexpr auto open_ring(pipeline<Source, Tip, Node...>&& p, piece<verb::expand, Name, F, Options>&& s) {
  using New = node<Name, Is, expander<F, Range>, Inputs, expanded_value<Range>>;
  std::size_t slots = 0;
  if constexpr (!std::is_void_v<option_of<option_kind::ring, void, Options>>) slots = millrace::get<option_index<option_kind::ring, Options>>(s.options.given).slots;
  auto ring = pipeline<Source, Tip, Node..., New>{std::move(p.from), millrace::append(std::move(p.nodes), New{expander<F, Range>{std::move(s.f)}})};
  if constexpr (Is.in_the_end == remedy::divert) {
    auto with = millrace::divert_from<Name, Is, Inputs>(std::move(ring), millrace::diverting(millrace::policy_of(s)));
    if constexpr (std::is_same_v<decltype(with), refused>) return refused{};
    else return ring_behind<expanded_value<Range>>(std::move(with), slots);
  } else {
    return ring_behind<expanded_value<Range>>(std::move(ring), slots);
  }
}
template <typename U, typename Source, typename Tip, typename... Node>
  requires(is_replied_to<Node...> && !replies_stand<Node...>)
constexpr auto ring_behind(pipeline<Source, Tip, Node...>&& p, std::size_t slots) {
  auto with = with_replies_to_parts(std::move(p));
  if constexpr (std::is_same_v<decltype(with), refused>) return refused{};
  else return ring_behind<U>(std::move(with), slots);
}
template <typename U, typename Source, typename Tip, typename... Node>
constexpr auto ring_behind(pipeline<Source, Tip, Node...>&& p, std::size_t slots) {
  using Next = tip<Tip::ring + 1, U, 0, 0, values<the_event<U>>, typename Tip::said_of_plans, typename names_with<typename Tip::elsewhere, Source::own, Node...>::type>;
  return rings<pipeline<Source, Tip, Node...>, pipeline<source<U, expanded>, Next>>{{{std::move(p)}, {pipeline<source<U, expanded>, Next>{{expanded{slots}}, {}}}}};
}
/// Events that are replied to are expanded once.
template <typename Ring>
inline constexpr bool has_replies = false;
template <typename Source, typename Tip, typename... Node>
inline constexpr bool has_replies<pipeline<Source, Tip, Node...>> = is_replied_to<Node...>;
template <typename First, typename... P, fixed_string Name, typename F, typename Options>
  requires has_replies<First>
constexpr auto attach(rings<First, P...>&&, piece<verb::expand, Name, F, Options>&&) {
  replies_to_parts_of_parts<Name>();
  return refused{};
}
/// Pieces are attached to the last ring.
template <typename... P, typename Piece>
constexpr auto attach(rings<P...>&& r, Piece&& piece) {
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    constexpr auto last = sizeof...(P) - 1;
    auto grown = attach(std::move(millrace::get<last>(r.parts)), std::move(piece));
    if constexpr (std::is_same_v<decltype(grown), refused>) return refused{};
    else if constexpr (ring_count<decltype(grown)> == 1) return rings<element<I, store<P...>>..., decltype(grown)>{{{std::move(millrace::get<I>(r.parts))}..., {std::move(grown)}}};
    else return rings<element<I, store<P...>>..., element<0, decltype(grown.parts)>, element<1, decltype(grown.parts)>>{
        {{std::move(millrace::get<I>(r.parts))}..., {std::move(millrace::get<0>(grown.parts))}, {std::move(millrace::get<1>(grown.parts))}}};
  }(std::make_index_sequence<sizeof...(P) - 1>{});
}

template <typename Inputs, std::uint64_t After, typename Source, typename Tip, typename... Node, verb Does, fixed_string Name,
          typename F, typename Options>
constexpr auto settle(pipeline<Source, Tip, Node...>&& p, piece<Does, Name, F, Options>&& s) {
  constexpr bool batches = std::is_same_v<option_of<option_kind::form, void, Options>, in_batches_option>;
  using Judged = decltype(millrace::judge<Does, batches, F>(Inputs{}));
  if constexpr (Judged::what != problem::none) {
    millrace::explain<Name, Does, batches, F, Judged>(Inputs{});
    return refused{};
  } else if constexpr (constexpr auto other = known<Tip, Node...>::conflict(known<Tip, Node...>::closure(After), millrace::bits_of(Inputs{}), Does == verb::change);
                       other != npos) {
    stages_touch_one_value<Name, element<other, store<Node...>>::name>();
    return refused{};
  } else {
    using Policy = typename option_of<option_kind::failure, error_option<stop_policy>, Options>::policy_type;
    constexpr auto before = known<Tip, Node...>::closure(After);
    constexpr facts is{.does = Does,
                       .form = Judged::form,
                       .ring = Tip::ring,
                       .after = After,
                       .before = before,
                       .filters = Tip::filters,
                       .asks = last_of(Tip::filters) | millrace::doubts_of(Inputs{}),
                       .touches = millrace::bits_of(Inputs{}) | (shared_by_key<Options> ? bit(sizeof...(Node)) : 0),
                       .troubles = before & known<Tip, Node...>::forgiving(),
                       .in_the_end = Policy::in_the_end,
                       .retries = Policy::retries,
                       .shares = sharing_of<option_of<option_kind::sharing, void, Options>>,
                       .acks = how_many_of<option_kind::release, Options> != 0,
                       .least_workers = option_of<option_kind::degree, any_degree, Options>::least,
                       .most_workers = option_of<option_kind::degree, any_degree, Options>::most};
    if constexpr (Does == verb::expand) {
      return millrace::open_ring<Name, is, typename Judged::result, Inputs>(std::move(p), std::move(s));
    } else {
      using New = node<Name, is, std::conditional_t<is.shares == sharing::by_key, clones<F>, F>, Inputs, typename Judged::result>;
      using Next = tip_behind<Tip, sizeof...(Node), Does, typename Judged::result>;
      auto grown = pipeline<Source, Next, Node..., New>{std::move(p.from), millrace::append(std::move(p.nodes), New{std::move(s.f), millrace::attempts_of<Options>(s)})};
      if constexpr (Policy::in_the_end == remedy::divert) return millrace::divert_from<Name, is, Inputs>(std::move(grown), millrace::diverting(millrace::policy_of(s)));
      else return grown;
    }
  }
}

// ---- one stage
template <typename Source, typename Tip, typename... Node, verb Does, fixed_string Name, typename F, typename Options>
constexpr auto attach(pipeline<Source, Tip, Node...>&& p, piece<Does, Name, F, Options>&& s) {
  using Known = known<Tip, Node...>;
  using Takes = option_of<option_kind::inputs, takes_option<>, Options>;
  if constexpr (sizeof...(Node) == most_stages) {
    too_many_stages<Name>();
    return refused{};
  } else if constexpr (index_of<Node...>(Name.view()) != npos || Tip::elsewhere::find(Name.view()) != Tip::elsewhere::size) {
    name_exists_already<Name>();
    return refused{};
  } else if constexpr (!millrace::all_known<Known>(Takes{})) {
    millrace::explain_names<Name>(Known{}, Takes{});
    return refused{};
  } else {
    using Inputs = typename Known::template inputs<Takes>::type;
    constexpr auto after = Tip::after | Known::waits(Takes{});
    if constexpr (!shared_by_key<Options>) {
      return millrace::settle<Inputs, after>(std::move(p), std::move(s));
    } else {
      using KeyOf = decltype(millrace::get<option_index<option_kind::sharing, Options>>(s.options.given).key_of);
      if constexpr (!millrace::key_fits<KeyOf>(Inputs{})) {
        key_cannot_be_taken<Name, KeyOf, decltype(shown_values(Inputs{}))>();
        return refused{};
      } else {
        auto dealt = millrace::deal<Name, Inputs, after>(std::move(p), std::move(millrace::get<option_index<option_kind::sharing, Options>>(s.options.given).key_of));
        if constexpr (std::is_same_v<decltype(dealt), refused>) return refused{};
        else return settle<Inputs, bit(sizeof...(Node))>(std::move(dealt), std::move(s));
      }
    }
  }
}

// ---- a fragment, piece by piece; a refused one swallows the rest
template <typename P>
constexpr auto attach(P&&, refused&&) -> refused { return {}; }
template <std::size_t I = 0, typename P, typename... Piece>
constexpr auto attach(P&& p, chain<Piece...>&& c) {
  if constexpr (std::is_same_v<P, refused>) return refused{};
  else if constexpr (I == sizeof...(Piece)) return P{std::move(p)};
  else return attach<I + 1>(attach(std::move(p), std::move(millrace::get<I>(c.pieces))), std::move(c));
}
template <verb Does, fixed_string Name, typename F, typename Options>
constexpr auto attach(refused&&, piece<Does, Name, F, Options>&&) -> refused { return {}; }

}  // namespace millrace
