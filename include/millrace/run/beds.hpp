// SPDX-License-Identifier: MIT
// Where the workers of a crew sleep. Handles keep it: a publish under way may want to wake a worker that has gone home.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

#include <millrace/base/cache_line.hpp>
#include <millrace/sync/event_count.hpp>
#include <millrace/sync/notice.hpp>
#include <millrace/sync/waiters.hpp>

namespace millrace {

template <typename Platform>
struct beds {
  struct alignas(cache_line_size) bed : event_count<Platform> {};
  std::array<bed, sleepers<Platform>::workers> of;

  /// The calling thread, if it is one of the program's own, works here from now on; at other times it does something else.
  void belongs_to_me(std::size_t worker) noexcept { owner_[worker].put_up(me()); }
  /// The calling thread was the last to work at one of them: it must not wait for that worker.
  [[nodiscard]] auto one_is_mine() const noexcept -> bool {
    for (auto const& o : owner_)
      if (o.read() == me()) return true;
    return false;
  }

 private:
  [[nodiscard]] static auto me() noexcept -> std::int64_t { return static_cast<std::int64_t>(reinterpret_cast<std::intptr_t>(&Platform::current())); }

  std::array<notice<Platform>, sleepers<Platform>::workers> owner_;
};

}  // namespace millrace
