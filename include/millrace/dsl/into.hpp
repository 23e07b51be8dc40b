// SPDX-License-Identifier: MIT
// A stage that publishes what flows by into another runner.
#pragma once
#include <cstddef>
#include <type_traits>
#include <utility>

#include <millrace/dsl/diagnostics.hpp>
#include <millrace/dsl/options.hpp>
#include <millrace/dsl/pieces.hpp>
#include <millrace/dsl/verbs.hpp>
#include <millrace/run/sender.hpp>

namespace millrace {

/// A runner's end: what its `input()` returns.
template <typename T>
concept runner_input = requires(T& in) {
  typename T::event;
  in.closed();
  sender<T>{std::move(in)};
};
template <typename Option>
inline constexpr bool option_of_an_into = Option::kind == option_kind::inputs;
template <typename Policy>
inline constexpr bool option_of_an_into<error_option<Policy>> = !Policy::retries;

/// What reaches it is copied into an event of another runner, and flows on here too: `mr::into<"risk">(other.input())`. When the other
/// runner's ring is full the stage stops there and goes on later; its worker waits for nobody. The other runner may have the same crew,
/// or another one; what it does when its ring is full (mr::on_full) holds here too. The events are in the other runner when this one's
/// `flush` or `finish` returns, and it goes on: finish it afterwards. If it has ended before, the stage fails with runner_closed, as mr::on_error says.
/// Options: mr::takes<name>, mr::on_error.
template <fixed_string Name, typename Input, typename... Option>
constexpr auto into(Input&& in, Option... option) {
  using H = std::remove_cvref_t<Input>;
  if constexpr (requires { typename H::of_nothing; }) {
    return refused{};
  } else if constexpr (!runner_input<H> || !std::is_rvalue_reference_v<Input&&>) {
    into_needs_an_input<Name, H>();
    return refused{};
  } else if constexpr (!(stage_option<Option> && ...)) {
    unknown_option<Name, Option...>();
    return refused{};
  } else if constexpr (!(option_of_an_into<Option> && ...)) {
    option_not_for_an_into<Name, Option...>();
    return refused{};
  } else {
    return millrace::make_piece<verb::into, Name>(sender<H>{std::move(in)}, std::move(option)...);
  }
}
template <bool>
struct into_without_a_name;  // a name that is short, and known only when the call is
template <typename Input, typename... Option>
constexpr auto into(Input&&, Option&&...) -> refused { return stage_needs_a_name<into_without_a_name<std::is_void_v<Input>>>(), refused{}; }

}  // namespace millrace
