// SPDX-License-Identifier: MIT
// Who has come to a pipeline while it runs: for reports and snapshots, and so that no two take one place.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <millrace/base/config.hpp>
#include <millrace/base/function_view.hpp>
#include <millrace/sync/guests.hpp>
#include <millrace/sync/tally.hpp>

namespace millrace {

/// A guest as others see it.
template <typename Platform>
struct guest_entry {
  std::string_view name{};
  std::size_t ring = 0, place = 0;
  std::size_t worker = npos_worker;  ///< a reader has none
  sequence begun = 0;                ///< the first event that it sees
  tally<Platform> batches, useful_ns, failures;

  static constexpr auto npos_worker = static_cast<std::size_t>(-1);
  [[nodiscard]] auto is_tap() const noexcept -> bool { return place < guests<Platform>::taps; }
};

template <typename Platform>
class guest_book {
 public:
  using entry = guest_entry<Platform>;

  /// Gives `who` a place in the gate of its ring; `come()` is called under the lock.
  /// Throws     bad_call if all places are taken; what `come` throws, and then it is not in the book.
  MILLRACE_COLD void enter(entry& who, bool reads, function_view<void()> come);
  MILLRACE_COLD void leave(entry const& who, function_view<void()> go) noexcept;
  /// `f(entry)` for each who is there. Nobody comes or goes meanwhile.
  MILLRACE_COLD void each(function_view<void(entry const&)> f) const;

 private:
  [[nodiscard]] auto taken(entry const& who) const noexcept -> bool;
  mutable typename Platform::mutex mutex_;
  std::vector<entry*> all_;
};

}  // namespace millrace

#ifndef MILLRACE_SEPARATE_COMPILATION
#include <millrace/run/guest_book.ipp>
#endif
