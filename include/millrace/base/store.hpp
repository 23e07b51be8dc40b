// SPDX-License-Identifier: MIT
// Values by index in one flat class. Each get<I> is an overload resolution on a base class, several times cheaper to compile
// than std::tuple; an aggregate, so that guaranteed elision reaches the members.
#pragma once
#include <cstddef>
#include <type_traits>
#include <utility>

namespace millrace {

template <std::size_t I, typename T>
struct leaf {
  T value;
};

template <typename Indices, typename... T>
struct store_of;
template <std::size_t... I, typename... T>
struct store_of<std::index_sequence<I...>, T...> : leaf<I, T>... {};

/// Values of the types T..., found by their index.
template <typename... T>
using store = store_of<std::index_sequence_for<T...>, T...>;

template <std::size_t I, typename T>
constexpr auto get(leaf<I, T>& l) noexcept -> T& { return l.value; }
template <std::size_t I, typename T>
constexpr auto get(leaf<I, T> const& l) noexcept -> T const& { return l.value; }

template <std::size_t I, typename T>
auto pick(leaf<I, T> const*) -> std::type_identity<T>;

/// The type at index I of a store.
template <std::size_t I, typename Store>
using element = typename decltype(millrace::pick<I>(static_cast<Store*>(nullptr)))::type;

/// The store with one more value at its end.
template <std::size_t... I, typename... T, typename New>
constexpr auto append(store_of<std::index_sequence<I...>, T...>&& have, New&& next) -> store<T..., New> {
  return {{std::move(millrace::get<I>(have))}..., {std::move(next)}};
}

}  // namespace millrace
