// SPDX-License-Identifier: MIT
// What a handler may want to hear of besides events: member functions of its, called by the worker that holds the stage.
#pragma once
#include <concepts>

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

enum class hook : unsigned char { start, stop, idle, batch_end };

template <hook H, typename F>
constexpr void tell(F& f) {
  if constexpr (H == hook::start) {
    if constexpr (hears_start<F>) f.on_start();
  } else if constexpr (H == hook::stop) {
    if constexpr (hears_stop<F>) f.on_stop();
  } else if constexpr (H == hook::idle) {
    if constexpr (hears_idle<F>) f.on_idle();
  } else {
    if constexpr (hears_batch_end<F>) f.on_batch_end();
  }
}
template <hook H, typename F>
inline constexpr bool hears = H == hook::start ? hears_start<F> : H == hook::stop ? hears_stop<F> : H == hook::idle ? hears_idle<F> : hears_batch_end<F>;

}  // namespace millrace
