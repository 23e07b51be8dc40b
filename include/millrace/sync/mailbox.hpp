// SPDX-License-Identifier: MIT
// Commands from the control plane to one worker. Never on the path of an event, so a well-kept library does it.
#pragma once
#include <boost/lockfree/policies.hpp>
#include <boost/lockfree/spsc_queue.hpp>
#include <cstddef>

namespace millrace {

/// A bounded queue with one reader, and one writer at a time (writers take turns under the crew's mutex).
template <typename T>
class boost_mailbox {
 public:
  static constexpr std::size_t most = 256;

  /// False if it is full.
  [[nodiscard]] auto put(T const& command) -> bool { return queue_.push(command); }
  /// False if it is empty.
  [[nodiscard]] auto take(T& into) -> bool { return queue_.pop(into); }
  [[nodiscard]] auto empty() -> bool { return queue_.read_available() == 0; }

 private:
  boost::lockfree::spsc_queue<T, boost::lockfree::capacity<most>> queue_;
};

}  // namespace millrace
