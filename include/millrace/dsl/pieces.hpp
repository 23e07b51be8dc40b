// SPDX-License-Identifier: MIT
// What a user writes between the bars, before it is attached to anything: nothing is checked against a neighbour yet.
#pragma once
#include <cstddef>
#include <type_traits>
#include <utility>

#include <millrace/base/store.hpp>
#include <millrace/dsl/options.hpp>
#include <millrace/stage/graph.hpp>

namespace millrace {

/// One stage: a verb, a name, a handler, options.
template <verb Does, fixed_string Name, typename F, typename Options>
struct piece {
  F f;
  Options options;
};
/// Pieces joined by | that wait for a source: a fragment, to be named, passed around and attached.
template <typename... Piece>
struct chain {
  store<Piece...> pieces;
};

template <typename T>
inline constexpr bool is_piece = false;
template <verb D, fixed_string N, typename F, typename O>
inline constexpr bool is_piece<piece<D, N, F, O>> = true;
template <typename... P>
inline constexpr bool is_piece<chain<P...>> = true;
template <>
inline constexpr bool is_piece<refused> = true;

/// The first handler that keeps a sentence or a fragment from being copied.
template <typename T>
struct uncopyable_in;
template <fixed_string Name, typename F>
struct uncopyable {
  static constexpr bool found = !std::is_copy_constructible_v<F>;
  static constexpr auto name = Name;
  using handler = F;
};
template <typename... U>
struct first_uncopyable;
template <typename U>
struct first_uncopyable<U> : U {};
template <typename U, typename... Rest>
struct first_uncopyable<U, Rest...> : std::conditional_t<U::found, U, first_uncopyable<Rest...>> {};
template <verb D, fixed_string N, typename F, typename O>
struct uncopyable_in<piece<D, N, F, O>> : uncopyable<N, F> {};
template <typename... P>
struct uncopyable_in<chain<P...>> : first_uncopyable<uncopyable_in<P>...> {};
template <typename S, typename T, typename... N>
struct uncopyable_in<pipeline<S, T, N...>> : first_uncopyable<uncopyable<N::name, typename N::handler>..., uncopyable<"source", decltype(S::next)>> {};

template <std::size_t... I, typename... A, std::size_t... J, typename... B>
constexpr auto fragment(store_of<std::index_sequence<I...>, A...>&& a, store_of<std::index_sequence<J...>, B...>&& b) -> chain<A..., B...> {
  return {{{std::move(get<I>(a))}..., {std::move(get<J>(b))}...}};
}
template <typename P>
constexpr auto pieces_of(P&& p) -> store<P> {
  return {{std::move(p)}};
}
template <typename... P>
constexpr auto pieces_of(chain<P...>&& c) -> store<P...>&& {
  return std::move(c.pieces);
}

}  // namespace millrace
