// SPDX-License-Identifier: MIT
// The bar between the pieces of a sentence.
#pragma once
#include <type_traits>
#include <utility>

#include <millrace/dsl/attach.hpp>
#include <millrace/dsl/copies.hpp>
#include <millrace/dsl/diagnostics.hpp>
#include <millrace/dsl/pieces.hpp>

namespace millrace {

template <typename T>
concept part_of_a_sentence = is_pipeline<std::remove_cvref_t<T>> || is_piece<std::remove_cvref_t<T>>;

/// A temporary as it is, everything else as a copy.
template <typename T>
constexpr auto taken(T&& t) -> std::conditional_t<std::is_same_v<std::remove_cvref_t<T>, T>, T&&, std::remove_cvref_t<T>> {
  if constexpr (std::is_same_v<std::remove_cvref_t<T>, T>) return std::move(t);
  else return t;
}
/// Joins two parts of a sentence: a piece to the pipeline that begins on the left, or two pieces to a fragment. A part in a
/// variable is copied, so that a sentence can be the beginning of several; std::move it if it is not to be.
///
/// Throws      what copying or moving the handlers throws.
template <typename L, typename R>
  requires(part_of_a_sentence<L> || part_of_a_sentence<R>)
constexpr auto operator|(L&& left, R&& right) {
  using Left = std::remove_cvref_t<L>;
  using Right = std::remove_cvref_t<R>;
  if constexpr (std::is_same_v<Left, refused> || std::is_same_v<Right, refused>) {
    return refused{};
  } else if constexpr (is_pipeline<Right>) {
    source_in_the_middle<Right>();
    return refused{};
  } else if constexpr (!is_piece<Right>) {
    not_a_stage<std::decay_t<R>>();
    return refused{};
  } else if constexpr (!is_pipeline<Left> && !is_piece<Left>) {
    not_a_stage<std::decay_t<L>>();
    return refused{};
  } else if constexpr (!becomes_a_value<L>) {
    explain_copy<Left>();
    return refused{};
  } else if constexpr (!becomes_a_value<R>) {
    explain_copy<Right>();
    return refused{};
  } else if constexpr (is_pipeline<Left>) {
    return attach(millrace::taken(std::forward<L>(left)), millrace::taken(std::forward<R>(right)));
  } else {
    return millrace::fragment(millrace::pieces_of(millrace::taken(std::forward<L>(left))), millrace::pieces_of(millrace::taken(std::forward<R>(right))));
  }
}

}  // namespace millrace
