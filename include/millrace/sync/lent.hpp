// SPDX-License-Identifier: MIT
// Something that there is once, and that one user has at a time.
#pragma once
#include <millrace/sync/platform.hpp>

namespace millrace {

template <typename Platform>
class lent {
 public:
  /// True: it is yours until you give it back. False: somebody has it.
  /// Orders     acquire: what the last user did is visible.
  [[nodiscard]] auto lend() noexcept -> bool {
    return !out_.exchange(true, Platform::template order<site::lent_out>(std::memory_order::acq_rel));  // pairs with give_back()
  }
  void give_back() noexcept {
    out_.store(false, Platform::template order<site::lent_back>(std::memory_order::release));  // pairs with lend()
  }

 private:
  typename Platform::template atomic<bool> out_{false};
};

}  // namespace millrace
