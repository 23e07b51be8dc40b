// SPDX-License-Identifier: MIT
// How a handler takes what precedes it: value by value or batch by batch, with or without its position. The verb says what it
// does with them, so that a generic lambda is never ambiguous.
#pragma once
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include <millrace/base/config.hpp>
#include <millrace/stage/batch.hpp>

namespace millrace {

// ---- what precedes a stage: values, each the ring's event (from = -1) or the result of node number `from`
template <int From, typename T, std::uint64_t Missing = 0>
struct value {
  using type = T;
  static constexpr int from = From;
  static constexpr std::uint64_t missing = Missing;  // filters in its branch: it is not there if one of them said no
  static constexpr bool maybe = Missing != 0;        // so it is handed on as a pointer
  using seen = std::conditional_t<maybe, T const*, T const&>;
  using held = std::conditional_t<maybe, T*, T&>;
};
template <typename... Value>
struct values {};

// ---- the parameter list of a handler that has exactly one
template <typename... Args>
struct signature {
  using last = void;
};
template <typename A>
struct signature<A> {
  using last = A;
};
template <typename A, typename B, typename... Args>
struct signature<A, B, Args...> : signature<B, Args...> {};
struct any_type;  // shown for a handler whose call operator is a template or overloaded

template <typename F>
struct signature_of_member : std::type_identity<signature<any_type>> {};
template <typename R, typename C, typename... A>
struct signature_of_member<R (C::*)(A...)> : std::type_identity<signature<A...>> {};
template <typename R, typename C, typename... A>
struct signature_of_member<R (C::*)(A...) const> : std::type_identity<signature<A...>> {};
template <typename R, typename C, typename... A>
struct signature_of_member<R (C::*)(A...) noexcept> : std::type_identity<signature<A...>> {};
template <typename R, typename C, typename... A>
struct signature_of_member<R (C::*)(A...) const noexcept> : std::type_identity<signature<A...>> {};
template <typename R, typename C, typename... A>
struct signature_of_member<R (C::*)(A...) &> : std::type_identity<signature<A...>> {};
template <typename R, typename C, typename... A>
struct signature_of_member<R (C::*)(A...) const&> : std::type_identity<signature<A...>> {};
template <typename R, typename C, typename... A>
struct signature_of_member<R (C::*)(A...) & noexcept> : std::type_identity<signature<A...>> {};
template <typename R, typename C, typename... A>
struct signature_of_member<R (C::*)(A...) const& noexcept> : std::type_identity<signature<A...>> {};

template <typename Member>
inline constexpr bool changes_its_object = false;
template <typename R, typename C, typename... A>
inline constexpr bool changes_its_object<R (C::*)(A...)> = true;
template <typename R, typename C, typename... A>
inline constexpr bool changes_its_object<R (C::*)(A...) noexcept> = true;
template <typename R, typename C, typename... A>
inline constexpr bool changes_its_object<R (C::*)(A...) &> = true;
template <typename R, typename C, typename... A>
inline constexpr bool changes_its_object<R (C::*)(A...) & noexcept> = true;

template <typename F>
struct signature_of : std::type_identity<signature<any_type>> {};
template <typename F>
  requires requires { &F::operator(); }
struct signature_of<F> : signature_of_member<decltype(&F::operator())> {};
template <typename R, typename... A>
struct signature_of<R (*)(A...)> : std::type_identity<signature<A...>> {};
template <typename R, typename... A>
struct signature_of<R (*)(A...) noexcept> : std::type_identity<signature<A...>> {};

/// The handler has one call operator, and it is not const.
template <typename F>
inline constexpr bool changes_itself = false;
template <typename F>
  requires requires { &F::operator(); }
inline constexpr bool changes_itself<F> = []<typename M>(M) { return changes_its_object<M>; }(&F::operator());

/// The result type of a mapping batch handler, from its last parameter; void if that is no `results<R>&`.
template <typename Last>
struct results_in : std::type_identity<void> {};
template <typename R>
struct results_in<results<R>&> : std::type_identity<R> {};
template <typename F>
using batch_result = typename results_in<typename signature_of<F>::type::last>::type;

// ---- recognition
enum class verb : std::uint8_t { tap, change, map, filter, expand, divert, into, reply };
enum class shape : std::uint8_t { none, each, each_at, whole };

template <typename T>
inline constexpr bool is_one = false;
template <typename V>
inline constexpr bool is_one<values<V>> = true;

/// How F, used as `Does`, takes `Value...` one by one.
template <verb Does, typename F, typename... Value>
consteval auto takes_each() -> shape {
  if constexpr (Does == verb::change) {
    if constexpr (std::is_invocable_v<F&, typename Value::held...>) return shape::each;
    else if constexpr (std::is_invocable_v<F&, typename Value::held..., at>) return shape::each_at;
    else return shape::none;
  } else {
    if constexpr (std::is_invocable_v<F&, typename Value::seen...>) return shape::each;
    else if constexpr (std::is_invocable_v<F&, typename Value::seen..., at>) return shape::each_at;
    else return shape::none;
  }
}
/// The same by whole batches.
template <verb Does, typename F, typename Value>
consteval auto takes_whole() -> shape {
  using T = typename Value::type;
  if constexpr (Does == verb::tap) return std::is_invocable_v<F&, batch<T const>> ? shape::whole : shape::none;
  else if constexpr (Does == verb::change) return std::is_invocable_v<F&, batch<T>> ? shape::whole : shape::none;
  else if constexpr (Does == verb::filter) return std::is_invocable_v<F&, batch<T const>, verdicts&> ? shape::whole : shape::none;
  else if constexpr (std::is_void_v<batch_result<F>>) return shape::none;
  else return std::is_invocable_v<F&, batch<T const>, results<batch_result<F>>&> ? shape::whole : shape::none;
}

/// std::invoke without <functional>, and without std::reference_wrapper: of what is not the member's class, what it points to.
template <typename F, typename First, typename... Rest>
MILLRACE_INLINE constexpr decltype(auto) call(F& f, First&& first, Rest&&... rest) {
  if constexpr (std::is_member_object_pointer_v<F>) {
    if constexpr (requires { std::forward<First>(first).*f; }) return (std::forward<First>(first).*f);
    else return ((*std::forward<First>(first)).*f);
  } else if constexpr (std::is_member_function_pointer_v<F>) {
    if constexpr (requires { (std::forward<First>(first).*f)(std::forward<Rest>(rest)...); }) return (std::forward<First>(first).*f)(std::forward<Rest>(rest)...);
    else return ((*std::forward<First>(first)).*f)(std::forward<Rest>(rest)...);
  } else return f(std::forward<First>(first), std::forward<Rest>(rest)...);
}

}  // namespace millrace
