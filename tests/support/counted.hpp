// SPDX-License-Identifier: MIT
// A value that is counted: how many were made, how many are gone, whether one was destroyed that never was made, and that throws
// at a given operation. For one thread.
#pragma once
#include <stdexcept>

namespace support {

struct planned_failure : std::runtime_error {
  planned_failure() : std::runtime_error{"planned"} {}
};

/// The k-th call of step() throws, counted from 1; 0: none does.
class failure_plan {
 public:
  constexpr explicit failure_plan(long at = 0) noexcept : left_{at} {}
  void step() {
    if (left_ > 0 && --left_ == 0) throw planned_failure{};
  }

 private:
  long left_;
};

class counted {
 public:
  /// Forgets what was counted; the `throw_at`-th construction or assignment from now on throws.
  static void begin(long throw_at = 0) noexcept {
    made = gone = wrong = 0;
    plan = failure_plan{throw_at};
  }
  [[nodiscard]] static auto alive() noexcept -> long { return made - gone; }
  static inline long made = 0, gone = 0;
  static inline long wrong = 0;  // destroyed twice, or never made
  static inline failure_plan plan{};

  counted() : counted{0} {}
  explicit counted(int v) : value{v} { make(); }
  counted(counted const& other) : value{other.value} { make(); }
  counted(counted&& other) : value{other.value} { make(), other.value = -1; }
  auto operator=(counted const& other) -> counted& {
    plan.step();
    value = other.value;
    return *this;
  }
  auto operator=(counted&& other) -> counted& {
    plan.step();
    value = other.value;
    if (&other != this) other.value = -1;
    return *this;
  }
  ~counted() {
    if (self_ != this) ++wrong;
    self_ = nullptr;
    ++gone;
  }

  int value;

 private:
  void make() {
    plan.step();
    self_ = this;
    ++made;
  }
  counted* self_ = nullptr;
};

}  // namespace support
