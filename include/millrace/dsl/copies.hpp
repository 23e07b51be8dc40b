// SPDX-License-Identifier: MIT
// A sentence in a variable is copied when it is used, so that it can be the beginning of several. Which handler forbids that.
#pragma once
#include <type_traits>
#include <utility>

#include <millrace/dsl/diagnostics.hpp>
#include <millrace/dsl/known.hpp>
#include <millrace/dsl/pieces.hpp>

namespace millrace {

template <fixed_string Name, typename F>
struct copied {
  static constexpr bool possible = std::is_copy_constructible_v<F>;
  static constexpr auto name = Name;
  using handler = F;
};
/// The first handler that cannot be copied, else the last there is.
template <typename... Copied>
struct first_uncopied;
template <typename C>
struct first_uncopied<C> : C {};
template <typename C, typename... Rest>
struct first_uncopied<C, Rest...> : std::conditional_t<C::possible, first_uncopied<Rest...>, C> {};

template <typename Sentence>
struct uncopied_in;
template <verb D, fixed_string N, typename F, typename O>
struct uncopied_in<piece<D, N, F, O>> : copied<N, F> {};
template <typename... P>
struct uncopied_in<chain<P...>> : first_uncopied<uncopied_in<P>...> {};
template <typename S, typename T, typename... N>
struct uncopied_in<pipeline<S, T, N...>> : first_uncopied<copied<N::name, typename N::handler>..., copied<"source", decltype(S::next)>> {};

template <typename... P>
struct uncopied_in<rings<P...>> : first_uncopied<uncopied_in<P>...> {};

/// A T (as deduced for T&&) becomes a value: it is moved from, or it can be copied.
template <typename T>
inline constexpr bool becomes_a_value = std::is_constructible_v<std::remove_cvref_t<T>, T>;
template <typename Sentence>
constexpr void explain_copy() {
  using What = uncopied_in<Sentence>;
  if constexpr (What::name.view() == source_name) generator_cannot_be_copied<typename What::handler>();
  else sentence_cannot_be_copied<What::name, typename What::handler>();
}

}  // namespace millrace
