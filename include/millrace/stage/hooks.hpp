// SPDX-License-Identifier: MIT
// What a handler may want to hear of besides events: member functions of its, called by the worker that holds the stage.
#pragma once
#include <concepts>
#include <cstdint>
#include <thread>  // std::chrono::nanoseconds, at half the price of <chrono>
#include <type_traits>
#include <utility>

namespace millrace {

/// Once, before the first event.
template <typename F>
concept hears_start = requires(F& f) { f.on_start(); };
/// Once, after the last event or when the pipeline is stopped; only if it was started.
template <typename F>
concept hears_stop = requires(F& f) { f.on_stop(); };
/// When its worker has found nothing to do for a while, once until there is something again.
template <typename F>
concept hears_idle = requires(F& f) { f.on_idle(); };
/// After each batch in which the stage ran.
template <typename F>
concept hears_batch_end = requires(F& f) { f.on_batch_end(); };

/// About every so often, whether events flow or not: between two batches, from on_start to on_stop. It is given the time, of the
/// steady clock.
///
/// Waits      for the batch under way: a tick is never early, and late by a batch, or by as long as the thread does not run. Ticks
///            that were missed are not made up for; the others stay in step.
/// Costs      a look at the clock at each turn of a worker of a ring in which some stage ticks; a worker that sleeps wakes for it.
template <typename F>
concept hears_tick = requires(F& f, F const& c, std::chrono::nanoseconds now) {
  f.on_tick(now);
  { c.tick_every() } -> std::same_as<std::int64_t>;
};
/// A handler with a tick, whose period is not part of it.
template <typename F>
concept can_tick = std::is_class_v<F> && (requires(F& f, std::chrono::nanoseconds now) { f.on_tick(now); } || requires(F& f) { f.on_tick(); });

/// A handler, and how often it ticks.
template <typename F>
struct ticking : F {
  std::int64_t period;

  ticking(F&& f, std::int64_t ns) : F(std::move(f)), period{ns} {}
  [[nodiscard]] auto tick_every() const noexcept -> std::int64_t { return period; }
  void on_tick([[maybe_unused]] std::chrono::nanoseconds now) {
    if constexpr (requires(F& f) { f.on_tick(now); }) F::on_tick(now);
    else F::on_tick();
  }
};

template <typename F>
inline constexpr bool is_ticking = false;
template <typename F>
inline constexpr bool is_ticking<ticking<F>> = true;

enum class hook : unsigned char { start, stop, idle, batch_end, tick };

template <hook H, typename F, typename... What>
constexpr void tell(F& f, [[maybe_unused]] What... what) {
  if constexpr (H == hook::start) {
    if constexpr (hears_start<F>) f.on_start();
  } else if constexpr (H == hook::stop) {
    if constexpr (hears_stop<F>) f.on_stop();
  } else if constexpr (H == hook::idle) {
    if constexpr (hears_idle<F>) f.on_idle();
  } else if constexpr (H == hook::tick) {
    if constexpr (hears_tick<F>) f.on_tick(std::chrono::nanoseconds{what...});
  } else {
    if constexpr (hears_batch_end<F>) f.on_batch_end();
  }
}
template <hook H, typename F>
inline constexpr bool hears = H == hook::start ? hears_start<F> : H == hook::stop ? hears_stop<F> : H == hook::idle ? hears_idle<F> : H == hook::tick ? hears_tick<F> : hears_batch_end<F>;

}  // namespace millrace
