// SPDX-License-Identifier: MIT
// What becomes of an event whose handler throws: said per stage with `mr::on_error(...)`. Without it the pipeline stops.
#pragma once
#include <cstddef>
#include <cstdint>
#include <thread>  // std::chrono::nanoseconds, at half the price of <chrono>
#include <type_traits>
#include <utility>

#include <millrace/base/fixed_string.hpp>
#include <millrace/base/sequence.hpp>

namespace millrace {

/// In the end, when nothing is tried again.
enum class remedy : std::uint8_t {
  stop,    // the runner stops, and reports it
  skip,    // the event is counted, and reaches nobody behind the stage
  divert,  // the same, and a stage beside those behind sees it with its error
};

// ---- what a user says
struct stop_policy {
  static constexpr auto in_the_end = remedy::stop;
  static constexpr bool retries = false;
};
struct skip_policy {
  static constexpr auto in_the_end = remedy::skip;
  static constexpr bool retries = false;
};
/// `F` is the handler of a stage of its own, with this name.
template <fixed_string Name, typename F>
struct divert_policy {
  static constexpr auto in_the_end = remedy::divert;
  static constexpr bool retries = false;
  F f;
};
template <typename Then>
struct retry_policy {
  static constexpr auto in_the_end = Then::in_the_end;
  static constexpr bool retries = true;
  std::uint32_t times;
  std::int64_t pause_ns;
  Then then;
};

/// The runner stops and reports what was thrown: the default.
inline constexpr stop_policy stop_all{};
/// The event is counted as failed and reaches none of the stages behind this one; stages beside it see it.
inline constexpr skip_policy skip{};
/// The same, and `f(value, error)` sees it: what the stage took, `T const&` for each value, and a `std::exception_ptr const&`. It is a
/// stage of its own with this name, sees failed events in the ring's order, and may run on another worker.
template <fixed_string Name, typename F>
constexpr auto divert(F&& f) -> divert_policy<Name, std::decay_t<F>> { return {std::forward<F>(f)}; }
/// The handler is called again for the same event, `times` times at most, after a pause in which its worker does other things; then
/// `then` applies. The stage must be marked `mr::idempotent`. It has a loop of its own: neighbours are not inlined with it.
template <typename Then = stop_policy>
constexpr auto retry(std::uint32_t times, std::chrono::nanoseconds pause, Then then = {}) -> retry_policy<Then> { return {times, pause.count(), std::move(then)}; }

// ---- what a node keeps of it
/// How often the event at which the stage stands has failed. Under the stage's hold bit.
struct attempts {
  std::uint32_t times = 0;
  std::int64_t pause_ns = 0;
  sequence at = -1;
  std::uint32_t failed = 0;

  /// The handler has thrown for event `q`: is it to be called again?
  [[nodiscard]] auto again(sequence q) noexcept -> bool {
    if (q != at) at = q, failed = 0;
    return failed++ < times;
  }
};
struct no_attempts {};

/// Marks per slot, of one stage: which of its events failed. A mark is the number of the lap, so nobody needs to wipe it off.
constexpr auto lap_mark(sequence q, sequence mask) noexcept -> std::uint32_t { return static_cast<std::uint32_t>(q / (mask + 1)) + 1; }

}  // namespace millrace
