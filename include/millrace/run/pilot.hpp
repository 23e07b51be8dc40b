// SPDX-License-Identifier: MIT
// Whoever decides on plans while a pipeline runs, as its workers see him. What he does is said in schedule.hpp.
#pragma once
#include <cstddef>
#include <cstdint>

namespace millrace {

/// Called by the workers of one engine, several at once.
class pilot {
 public:
  pilot() = default;
  pilot(pilot const&) = delete;
  auto operator=(pilot const&) -> pilot& = delete;
  virtual ~pilot() = default;

  /// A worker is between two batches; `busy`: events pass. It may get another plan for itself from this call.
  /// Waits      never.
  virtual void look(bool busy) noexcept = 0;
  /// When a worker that sleeps is to come and look, by the platform's clock.
  [[nodiscard]] virtual auto due() const noexcept -> std::int64_t = 0;
};

}  // namespace millrace
