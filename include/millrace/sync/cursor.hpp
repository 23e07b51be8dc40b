// SPDX-License-Identifier: MIT
// One thread at a time moves it on, many read it: everything below the cursor is done and may be looked at.
#pragma once
#include <millrace/base/sequence.hpp>
#include <millrace/sync/platform.hpp>

namespace millrace {

/// A sequence that only grows.
template <typename Platform, site Publish, site Read>
class cursor {
 public:
  explicit cursor(sequence at = 0) noexcept : at_{at} {}

  /// Called by  the one thread that owns the cursor now.
  /// Orders     release: who reads `to` sees every write made before.
  void publish(sequence to) noexcept {
    at_.store(to, Platform::template order<Publish>(std::memory_order::release));  // pairs with the acquire in published()
  }
  /// The same by several threads: never backwards.
  template <site Raise>
  void raise(sequence to) noexcept {
    auto before = at_.load(std::memory_order::relaxed);  // a guess for the exchange
    while (before < to)
      if (at_.compare_exchange_weak(before, to, Platform::template order<Raise>(std::memory_order::release),  // pairs with the acquire in published()
                                    std::memory_order::relaxed))  // relaxed: a failed attempt takes nothing from the word
        return;
  }
  /// Called by  any thread.
  /// Orders     acquire: everything below the result may be read.
  [[nodiscard]] auto published() const noexcept -> sequence {
    return at_.load(Platform::template order<Read>(std::memory_order::acquire));  // pairs with the release in publish()
  }
  /// What the owner wrote last.
  [[nodiscard]] auto own() const noexcept -> sequence {
    return at_.load(std::memory_order::relaxed);  // the reader is the writer: nothing to pair with
  }

 private:
  typename Platform::template atomic<sequence> at_;
};

}  // namespace millrace
