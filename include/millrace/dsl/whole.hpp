// SPDX-License-Identifier: MIT
// Whether a sentence is whole. Runners ask; they stand on a lower floor and find this by the type of what they are given.
#pragma once
#include <type_traits>
#include <utility>

#include <millrace/base/sequence.hpp>
#include <millrace/dsl/copies.hpp>
#include <millrace/dsl/diagnostics.hpp>
#include <millrace/dsl/pieces.hpp>
#include <millrace/dsl/replies.hpp>

namespace millrace {

/// A pipeline that can be run: it begins with a source and has a stage.
template <typename T>
inline constexpr bool is_whole = false;
template <typename S, typename T, typename N, typename... M>
inline constexpr bool is_whole<pipeline<S, T, N, M...>> = true;
template <typename S, typename T, typename N>
inline constexpr bool is_whole<pipeline<S, T, N>> = !is_replied_to<N>;
template <typename... P>
inline constexpr bool is_whole<rings<P...>> = (is_whole<P> && ...);
template <typename T>
inline constexpr bool asks_for_replies = false;
template <typename S, typename T, typename N, typename M, typename... More>
inline constexpr bool asks_for_replies<pipeline<S, T, N, M, More...>> = is_replied_to<N>;

/// The sentence itself if it is whole; else says what it lacks. A refused one has said so already.
template <typename P>
  requires(is_pipeline<std::remove_cvref_t<P>> || is_piece<std::remove_cvref_t<P>>)
constexpr auto whole(P&& sentence) {
  using Sentence = std::remove_cvref_t<P>;
  if constexpr (std::is_same_v<Sentence, refused>) {
    return refused{};
  } else if constexpr (is_whole<Sentence> && !becomes_a_value<P>) {
    explain_copy<Sentence>();
    return refused{};
  } else if constexpr (asks_for_replies<Sentence>) {
    return millrace::with_replies(Sentence(std::forward<P>(sentence)));
  } else if constexpr (is_whole<Sentence>) {
    return Sentence(std::forward<P>(sentence));
  } else if constexpr (is_pipeline<Sentence>) {
    no_stage<Sentence>();
    return refused{};
  } else {
    no_source<Sentence>();
    return refused{};
  }
}

/// A fragment cannot be run on this thread either.
template <typename P, typename... Events>
  requires(is_piece<std::remove_cvref_t<P>> && !std::is_same_v<std::remove_cvref_t<P>, refused>)
constexpr auto run_inline(P&&, Events&&...) -> sequence {
  no_source<std::remove_cvref_t<P>>();
  return 0;
}

}  // namespace millrace
