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

template <std::size_t... I, typename... A, std::size_t... J, typename... B>
constexpr auto fragment(store_of<std::index_sequence<I...>, A...>&& a, store_of<std::index_sequence<J...>, B...>&& b) -> chain<A..., B...> {
  return {{{std::move(millrace::get<I>(a))}..., {std::move(millrace::get<J>(b))}...}};
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
