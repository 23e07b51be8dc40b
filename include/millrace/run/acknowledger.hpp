// SPDX-License-Identifier: MIT
// What confirms events to a stage that waits for it.
#pragma once
#include <memory>
#include <utility>

#include <millrace/base/sequence.hpp>

namespace millrace {

/// Acknowledges events to one stage of one runner, see runner::acknowledge. Default-made it acknowledges nothing, so that a handler can refer
/// to one that gets its runner later.
///
/// Called by  any thread, also after the runner's end.
class acknowledger {
 public:
  acknowledger() = default;
  acknowledger(std::shared_ptr<void> to, void (*how)(void*, sequence)) noexcept : to_{std::move(to)}, how_{how} {}
  /// Everything up to event `at`.
  void operator()(sequence at) const {
    if (how_ != nullptr) how_(to_.get(), at);
  }

 private:
  std::shared_ptr<void> to_;
  void (*how_)(void*, sequence) = nullptr;
};

}  // namespace millrace
