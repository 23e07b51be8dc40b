// SPDX-License-Identifier: MIT
// Several futures at a time: all of them, or whichever is first.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <thread>  // std::chrono::nanoseconds, at half the price of <chrono>
#include <tuple>
#include <type_traits>
#include <utility>

#include <millrace/async/future.hpp>
#include <millrace/base/config.hpp>
#include <millrace/base/errors.hpp>
#include <millrace/sync/patience.hpp>

namespace millrace {

/// Futures that are waited for together. They may be of different runners.
/// Called by  one thread at a time.
template <typename... Future>
class [[nodiscard]] all_of {
 public:
  explicit all_of(Future&&... f) noexcept : futures_{std::move(f)...} {}

  [[nodiscard]] auto ready() const noexcept -> bool {
    return std::apply([](auto const&... f) { return (f.ready() && ...); }, futures_);
  }
  /// What became of each, when all are there.
  /// Throws     as future::wait().
  [[nodiscard]] auto take() -> std::tuple<reply<typename Future::result>...> {
    return std::apply([](auto&... f) { return std::tuple<reply<typename Future::result>...>{f.take()...}; }, futures_);
  }
  /// The values, when all are there.
  /// Throws     what the first of them throws that has none; as future::wait().
  [[nodiscard]] auto get() -> std::tuple<typename Future::result...> {
    auto all = take();
    return std::apply([](auto&... r) { return std::tuple<typename Future::result...>{std::move(r).value()...}; }, all);
  }

 private:
  std::tuple<Future...> futures_;
};
/// `mr::when_all(in.submit(a), other.submit(b)).get()` is a tuple of both values.
template <typename... R, typename... Platform>
auto when_all(future<R, Platform>... f) -> all_of<future<R, Platform>...> { return all_of<future<R, Platform>...>{std::move(f)...}; }

/// The place of the first future of the range that is ready, which is `n` if there is none among them, or at the deadline. They are as
/// they were, the others are still under way.
///
/// Called by  the thread that has the futures.
/// Waits      as the wait policy of the runner says.
/// Throws     bad_call on a worker of the crew that is to answer, and if they are not of one runner.
template <typename R, typename Platform>
[[nodiscard]] auto when_any(future<R, Platform>* first, std::size_t n, std::int64_t deadline = for_ever) -> std::size_t {
  auto const found = [&] {
    std::size_t i = 0;
    while (i < n && (!first[i].valid() || !first[i].ready())) ++i;
    return i;
  };
  if (auto const i = found(); i < n) return i;
  typename pooled<R, Platform>::desk* home = nullptr;
  for (std::size_t i = 0; i < n; ++i) {
    if (!first[i].valid()) continue;
    if (home != nullptr && home != &first[i].state()->home()) throw bad_call{"millrace: when_any waits for replies of one runner at a time"};
    home = &first[i].state()->home();
  }
  if (home == nullptr) return n;
  if (home->is_here()) throw bad_call{"millrace: a worker that waits for a reply of its own crew would wait for itself; use then(), or a coroutine"};
  patience<Platform> look{home->waits()};
  auto at = n;
  static_cast<void>(wait_until<Platform>(
      look, home->any, deadline, [&] { return (at = found()) < n; },
      [&] {
        for (std::size_t i = 0; i < n; ++i)
          if (first[i].valid()) static_cast<void>(first[i].state()->word.add(settlement<Platform>::watched));
      }));
  return at;
}
/// Of a container of futures, which is contiguous.
template <typename Futures>
  requires requires(Futures& f) { f.data()->state(), f.size(); }
[[nodiscard]] auto when_any(Futures& futures) -> std::size_t { return when_any(futures.data(), futures.size()); }
/// The same, no longer than `d`.
template <typename Futures>
  requires requires(Futures& f) { f.data()->state(), f.size(); }
[[nodiscard]] auto when_any(Futures& futures, std::chrono::nanoseconds d) -> std::size_t {
  auto const now = std_platform::now();
  return when_any(futures.data(), futures.size(), d.count() > for_ever - now ? for_ever : now + d.count());
}

}  // namespace millrace
