// SPDX-License-Identifier: MIT
// The floor: what any program with threads and atomics pays.
#include <atomic>
#include <thread>

auto main() -> int {
  std::atomic<int> done{0};
  std::thread{[&] { done.store(1, std::memory_order::release); }}.join();  // pairs with the acquire below
  return done.load(std::memory_order::acquire) == 1 ? 0 : 1;               // pairs with the release above
}
