// SPDX-License-Identifier: MIT
// Whether somebody wants to be told of the next news: he says so and looks again; whoever takes the wish up tells him, once.
#pragma once
#include <millrace/sync/platform.hpp>

namespace millrace {

template <typename Platform>
class wanted {
 public:
  /// The next news are wanted. Followed by another look at what is waited for, and by waking who tells.
  /// Orders     release and acquire: who takes it sees what was before; the caller sees what was before the last take().
  void ask() noexcept {
    static_cast<void>(is_.exchange(true, Platform::template order<site::wanted_ask>(std::memory_order::acq_rel)));  // pairs with take()
  }
  /// Whether they are, as a hint: taking the wish up decides.
  [[nodiscard]] auto asked() const noexcept -> bool {
    return is_.load(std::memory_order::relaxed);  // a hint: who asks wakes who tells, and that orders it
  }
  /// Takes the wish up. True: the caller is the one who tells.
  [[nodiscard]] auto take() noexcept -> bool {
    return is_.exchange(false, Platform::template order<site::wanted_take>(std::memory_order::acq_rel));  // pairs with ask()
  }

 private:
  typename Platform::template atomic<bool> is_{false};
};

}  // namespace millrace
