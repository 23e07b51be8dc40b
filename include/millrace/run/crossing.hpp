// SPDX-License-Identifier: MIT
// Where workers of one crew wait for room in a ring that another crew runs: in that ring all of them are one sleeper, a producer, and
// who wakes it finds here which of them sleep.
//
//   who waits:      set my bit here;  set the producers' bit at the gate;  heavy barrier;  look at the room;  sleep in my own bed
//   who makes room: advance;  light barrier;  look at the mask, take the producers' bit off;  look here
//
// My bit is set before the other one, so whoever has taken that off finds it.
#pragma once
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include <millrace/base/config.hpp>
#include <millrace/base/function_view.hpp>
#include <millrace/base/owned.hpp>
#include <millrace/run/beds.hpp>
#include <millrace/sync/waiters.hpp>

namespace millrace {

template <typename Platform>
class crossing final : public sleeps_elsewhere {
 public:
  crossing(std::shared_ptr<beds<Platform>> theirs, std::size_t size);
  /// Followed by the producers' bit where room comes from, Platform::heavy_barrier() and another look.
  void add(std::size_t worker) noexcept { waiting_.add(worker); }
  void wake() noexcept override;
  void alert() noexcept override;
  [[nodiscard]] auto is_from(beds<Platform> const* theirs) const noexcept -> bool { return beds_.get() == theirs; }

 private:
  std::shared_ptr<beds<Platform>> beds_;  // who wakes may do so when that crew has gone
  sleepers<Platform> table_;
  waiters<Platform> waiting_;
};

/// Those of one runner. None goes before it: the table of sleepers knows them.
template <typename Platform>
class crossings {
 public:
  crossings() noexcept = default;
  crossings(crossings const&) = delete;
  auto operator=(crossings const&) -> crossings& = delete;
  MILLRACE_COLD ~crossings();
  /// `seat(crossing)` makes a new one known, or says that there are too many.
  MILLRACE_COLD auto from(std::shared_ptr<beds<Platform>> const& theirs, std::size_t size, function_view<bool(crossing<Platform>&)> seat) -> crossing<Platform>&;

 private:
  typename Platform::mutex mutex_;
  std::vector<owned<crossing<Platform>>> all_;
};

}  // namespace millrace

#ifndef MILLRACE_SEPARATE_COMPILATION
#include <millrace/run/crossing.ipp>
#endif
