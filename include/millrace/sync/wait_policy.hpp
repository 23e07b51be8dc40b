// SPDX-License-Identifier: MIT
// How to wait, as a value: look with pauses, then with yields, then rest. The field's names are presets of this one thing.
#pragma once
#include <cstdint>
#include <thread>  // std::chrono::nanoseconds, at half the price of <chrono>

namespace millrace {

/// What a waiter does when looking has not helped.
enum class rest : std::uint8_t {
  never,  ///< goes on looking
  nap,    ///< sleeps for `nap` at a time, and looks
  park,   ///< sleeps until whoever makes progress wakes it
};

struct wait_policy {
  std::uint32_t spins = 64;                      ///< looks with a pause of two instructions between them
  std::chrono::nanoseconds yields{40'000};       ///< then looks for so long, letting other threads run between them
  rest then = rest::park;                        ///< then this
  std::chrono::nanoseconds nap{50'000};          ///< for rest::nap: the length of one
  std::chrono::nanoseconds at_most{0};           ///< for rest::park: look again after so long though nobody woke us; 0: never
  bool adapts = true;                            ///< sleeps that were over at once lengthen `yields`, long ones shorten it
};

/// Lowest latency; burns a core for as long as it waits.
inline constexpr wait_policy busy_spin{.spins = UINT32_MAX, .then = rest::never, .adapts = false};
/// Low latency, lets other threads run; burns a core.
inline constexpr wait_policy yielding{.spins = 100, .then = rest::never, .adapts = false};
/// Little CPU, latency of about a nap.
inline constexpr wait_policy sleeping{.spins = 100, .yields = std::chrono::nanoseconds{50'000}, .then = rest::nap, .adapts = false};
/// No CPU at all while nothing happens; a wake-up costs tens of microseconds.
inline constexpr wait_policy blocking{.spins = 1, .yields = std::chrono::nanoseconds{0}, .then = rest::park, .adapts = false};
/// Blocks, but looks again after `d` at the latest.
constexpr auto blocking_for(std::chrono::nanoseconds d) noexcept -> wait_policy {
  auto p = blocking;
  p.at_most = d;
  return p;
}
/// Looks `spins` times, lets others run for `yields`, then parks.
constexpr auto phased(std::uint32_t spins, std::chrono::nanoseconds yields) noexcept -> wait_policy {
  return {.spins = spins, .yields = yields, .then = rest::park, .adapts = false};
}

}  // namespace millrace
