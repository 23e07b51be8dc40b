// SPDX-License-Identifier: MIT
// Who runs next, and which of several allowed values a load returns: every choice of a run is made here, so a run is repeated
// by making the same choices.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "model/clock.hpp"

namespace millrace::model {

/// A set of threads: bit t is thread t.
using thread_mask = std::uint32_t;

enum class scheduler : std::uint8_t {
  random,      ///< any runnable thread, at every step
  pct,         ///< the runnable thread of highest priority; priorities change at depth - 1 random steps (Burckhardt et al., ASPLOS 2010)
  exhaustive,  ///< all choices, but at most `bound` switches away from a thread that could go on
};

/// A moment that the seed draws.
inline constexpr std::uint32_t drawn_moment = UINT32_MAX;

/// All that a run depends on, besides the scenario.
struct schedule {
  scheduler how = scheduler::random;
  std::uint64_t seed = 1;
  std::uint32_t length = 64;       ///< pct: the number of steps to spread the changes over
  std::uint32_t bound = 2;         ///< exhaustive: pre-emptions
  std::vector<std::uint8_t> path;  ///< exhaustive: the first choices; then always the first of several
  std::uint32_t moment = drawn_moment;  ///< the step at which who waits for the moment goes on
};

class strategy {
 public:
  void begin(schedule const& s);

  /// Which of `can` takes the next step. `current` is a member of `can` if it could go on.
  [[nodiscard]] auto next(thread_mask can, unsigned current) noexcept -> unsigned;
  /// One of n; 0 is the ordinary case.
  [[nodiscard]] auto pick(unsigned n) noexcept -> unsigned;
  /// One of n, all alike.
  [[nodiscard]] auto any(unsigned n) noexcept -> unsigned;
  /// True once in n times; never if exhaustive.
  [[nodiscard]] auto chance(unsigned n) noexcept -> bool { return how_ != scheduler::exhaustive && random() % n == 0; }
  /// Thread `t` has nothing to do until others have moved.
  void yielded(unsigned t) noexcept;
  /// Thread `t` begins.
  void born(unsigned t) noexcept;
  /// Thread `t` goes before all others for now.
  void hurries(unsigned t) noexcept;

  /// Exhaustive: the path of the next run, or false if all have been run.
  [[nodiscard]] auto advance() -> bool;
  [[nodiscard]] auto path() const -> std::vector<std::uint8_t>;

 private:
  static constexpr unsigned most_in_a_row = 300;

  struct branch {
    std::uint8_t of, taken;
  };

  [[nodiscard]] auto random() noexcept -> std::uint64_t;
  [[nodiscard]] auto decide(unsigned n) noexcept -> unsigned;

  scheduler how_ = scheduler::random;
  std::uint64_t state_ = 1;
  // pct
  std::int64_t priority_[most_threads] = {};
  std::int64_t lowest_ = 0;
  std::uint32_t step_ = 0;
  std::uint32_t changes_[4] = {};
  unsigned change_count_ = 0;
  unsigned in_a_row_[most_threads] = {};
  // exhaustive
  std::vector<branch> tree_;
  std::vector<std::uint8_t> given_;
  std::size_t depth_ = 0;
  std::uint32_t preemptions_left_ = 0;
};

}  // namespace millrace::model
