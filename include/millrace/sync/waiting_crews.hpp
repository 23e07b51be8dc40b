// SPDX-License-Identifier: MIT
// Which crews wait for which: a worker whose handler publishes into a full ring of another crew waits for that crew. If crews wait in a
// circle none of them makes room any more, so whoever would close it is told, and does not wait.
#pragma once
#include <cstdint>
#include <vector>

#include <millrace/base/config.hpp>
#include <millrace/sync/platform.hpp>

namespace millrace {

template <typename Platform>
class waiting_crews {
  struct edge {
    void const *who, *whom;
    std::uint32_t forks;  // those who waited in the parent of this process are not here
    auto operator==(edge const&) const noexcept -> bool = default;
  };

 public:
  /// A worker of the crew `who` waits for the crew `whom`, for as long as this lives. False: that would close a circle, and it must not.
  /// Called by  who is about to wait; a thread that is no worker, `who` is null, always may.
  /// Costs      for workers a lock that all who begin or end to wait share.
  /// Throws     std::bad_alloc.
  class wait {
   public:
    MILLRACE_COLD wait(void const* who, void const* whom);
    wait(wait const&) = delete;
    auto operator=(wait const&) -> wait& = delete;
    MILLRACE_COLD ~wait();
    [[nodiscard]] explicit operator bool() const noexcept { return may_; }

   private:
    edge edge_;
    bool stands_ = false, may_ = true;
  };

 private:
  [[nodiscard]] static auto all() -> waiting_crews& { return Platform::template only<waiting_crews>(); }

  MILLRACE_COLD auto add(edge const& e) -> bool;
  MILLRACE_COLD void remove(edge const& e) noexcept;
  /// Whether `from` waits for `to`, or for somebody who does.
  [[nodiscard]] auto leads(void const* from, void const* to, std::uint32_t forks) const -> bool;

  typename Platform::mutex mutex_;
  std::vector<edge> edges_;
};

}  // namespace millrace

#ifndef MILLRACE_SEPARATE_COMPILATION
#include <millrace/sync/waiting_crews.ipp>
#endif
