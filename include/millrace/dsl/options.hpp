// SPDX-License-Identifier: MIT
// Options of a stage: `map<"price">(f, in_batches, takes<"event">)`, in any order. An option is any type that says by a static
// member `kind` what it is about; a stage has at most one of a kind. What changes code (how a handler is called, what it takes)
// is asked of the option's type; what does not (a number of workers, a place) is a value and stays beside the handler.
#pragma once
#include <concepts>
#include <cstdint>
#include <thread>  // std::chrono::nanoseconds, at half the price of <chrono>
#include <type_traits>
#include <utility>

#include <millrace/base/fixed_string.hpp>
#include <millrace/base/store.hpp>
#include <millrace/stage/failure.hpp>
#include <millrace/stage/sharding.hpp>
#include <millrace/sync/lanes.hpp>

namespace millrace {

enum class option_kind : std::uint8_t {
  form,    // value by value, or batch by batch
  inputs,  // what flows by, or values by name
  ring,    // of the ring that the stage opens
  failure, // what becomes of an event whose handler throws
  tick,    // how often it is told the time
  repeat,  // whether it may be called again for an event
  release, // when what the stage has seen is released
  worker,  // who runs a tap that is attached while the pipeline runs
  degree,  // how many workers may run it
  sharing, // whether several workers may run the stage, and how its events are dealt to them
};

template <typename T>
concept stage_option = requires {
  { T::kind } -> std::same_as<option_kind const&>;
};

/// The handler takes whole batches: a tap `void(batch<T const>)`, a change `void(batch<T>)`, a map
/// `void(batch<T const>, results<R>&)`, a filter `void(batch<T const>, verdicts&)`.
struct in_batches_option {
  static constexpr auto kind = option_kind::form;
};
inline constexpr in_batches_option in_batches{};

/// The stage takes these values instead of what flows by, one parameter for each, and waits for the stages that make them:
/// results of earlier maps by their names; "event" is the event itself. What flows on behind the stage is not touched by
/// this: a tap that looks at the event on the side can be put in or removed without a change to what follows.
template <fixed_string... Name>
struct takes_option {
  static constexpr auto kind = option_kind::inputs;
};
template <fixed_string... Name>
inline constexpr takes_option<Name...> takes{};

/// The slots of the ring that an expanding stage opens; a power of two. Without it the ring is as large as the one before.
struct ring_option {
  static constexpr auto kind = option_kind::ring;
  std::size_t slots;
};
constexpr auto ring_of(std::size_t slots) -> ring_option { return {slots}; }

/// What becomes of an event whose handler throws: `mr::skip`, `mr::divert<"name">(f)`, `mr::retry(3, 1ms, then)`, or `mr::stop_all`, which
/// is what happens without it. Hooks that throw, but for on_start, are counted and otherwise ignored unless it says to stop.
template <typename Policy>
struct error_option {
  static constexpr auto kind = option_kind::failure;
  using policy_type = Policy;
  Policy policy;
};
template <typename Policy>
  requires requires { { Policy::in_the_end } -> std::convertible_to<remedy>; }
constexpr auto on_error(Policy policy) -> error_option<Policy> { return {std::move(policy)}; }

/// Calling the handler twice for one event is as good as calling it once.
struct idempotent_option {
  static constexpr auto kind = option_kind::repeat;
};
inline constexpr idempotent_option idempotent{};

/// Several workers may run the stage, each the events of some keys: all events of a key in order, by one worker at a time. `f(value)` is
/// the key: a function or a member; std::hash knows its type. The handler is copied, once for each of 64 groups of keys; what a copy
/// keeps is kept for the keys of its group, and moves with them.
template <typename KeyOf>
struct keyed_option {
  static constexpr auto kind = option_kind::sharing;
  KeyOf key_of;
};
template <typename KeyOf>
constexpr auto keyed_by(KeyOf key_of) -> keyed_option<KeyOf> { return {std::move(key_of)}; }

/// Several workers may run the stage, each some of the events. There is one handler, and they call it at once: it must be const.
struct stateless_option {
  static constexpr auto kind = option_kind::sharing;
};
inline constexpr stateless_option stateless{};

/// How many workers may run a stage that several can run: at least, at most. A plan that gives it to fewer or more is refused;
/// `mr::fused` gives it to the least, `mr::spread` also to workers that have nothing else, up to the most.
template <std::size_t Least, std::size_t Most>
struct degree_option {
  static constexpr auto kind = option_kind::degree;
  static constexpr std::size_t least = Least, most = Most;
};
template <std::size_t Least, std::size_t Most = Least>
  requires(Least >= 1 && Least <= Most && Most <= most_lanes)
inline constexpr degree_option<Least, Most> degree{};
struct any_degree {
  static constexpr std::size_t least = 1, most = 0;
};

template <typename Option>
inline constexpr sharing sharing_of = sharing::none;
template <typename KeyOf>
inline constexpr sharing sharing_of<keyed_option<KeyOf>> = sharing::by_key;
template <>
inline constexpr sharing sharing_of<stateless_option> = sharing::by_place;

/// The handler's `on_tick(std::chrono::nanoseconds now)`, or `on_tick()`, is called about every `d`, also when no events flow. See hears_tick.
struct every_option {
  static constexpr auto kind = option_kind::tick;
  std::chrono::nanoseconds period;
};
constexpr auto every(std::chrono::nanoseconds d) noexcept -> every_option { return {d.count() > 0 ? d : std::chrono::nanoseconds{1}}; }
/// What stands behind the stage, and the producer, wait until user code has acknowledged an event, by `run.acknowledge<"log">(sequence)`
/// or an `mr::acknowledger`: for a log that is flushed, a broker that confirms. The stage itself goes on as far as the ring reaches.
/// Events that its handler does not see (dropped by a filter, given up by a producer, skipped or diverted before it), and those at which it
/// throws without stopping all, need no acknowledgement: they are released with what stands before them.
struct manual_ack_option {
  static constexpr auto kind = option_kind::release;
};
inline constexpr manual_ack_option manual_ack{};

/// The options given to one stage.
template <typename... Option>
struct options {
  store<Option...> given;
};

template <option_kind Kind, stage_option... Option>
inline constexpr std::size_t how_many = (std::size_t{0} + ... + (Option::kind == Kind ? 1 : 0));
/// At most one of each kind.
template <stage_option... Option>
inline constexpr bool one_of_a_kind = ((how_many<Option::kind, Option...> == 1) && ...);

/// The one option of `Kind` among them, or the default.
template <option_kind Kind, typename Default, typename... Option>
struct option_among : std::type_identity<Default> {};
template <option_kind Kind, typename Default, typename First, typename... Rest>
struct option_among<Kind, Default, First, Rest...>
    : std::conditional_t<First::kind == Kind, std::type_identity<First>, option_among<Kind, Default, Rest...>> {};
template <option_kind Kind, typename Default, typename Options>
struct option_in;
template <option_kind Kind, typename Default, typename... Option>
struct option_in<Kind, Default, options<Option...>> : option_among<Kind, Default, Option...> {};
template <option_kind Kind, typename Options>
inline constexpr std::size_t how_many_of = 0;
template <option_kind Kind, typename... Option>
inline constexpr std::size_t how_many_of<Kind, options<Option...>> = how_many<Kind, Option...>;
/// Where the option of a kind is among those given.
template <option_kind Kind, typename Options>
inline constexpr std::size_t option_index = 0;
template <option_kind Kind, typename... Option>
inline constexpr std::size_t option_index<Kind, options<Option...>> = [] {
  std::size_t i = 0, found = 0;
  ((Option::kind == Kind ? void(found = i++) : void(++i)), ...);
  return found;
}();
template <option_kind Kind, typename Default, typename Options>
using option_of = typename option_in<Kind, Default, Options>::type;

}  // namespace millrace
