// SPDX-License-Identifier: MIT
// What a body keeps to itself: results that nobody outside the run takes, and copies of small handlers.
#pragma once
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

#include <millrace/base/config.hpp>

namespace millrace {

/// A place for one result at a time, made by elision, so that even a type that cannot move can be a result.
template <typename T>
class scratch {
 public:
  scratch() noexcept {}
  scratch(scratch const&) = delete;
  auto operator=(scratch const&) -> scratch& = delete;
  ~scratch() { clear(); }
  template <typename Make>
  MILLRACE_INLINE void make(Make&& make) {
    clear();
    ::new (static_cast<void*>(std::addressof(value_))) T(make());
    if constexpr (!std::is_trivially_destructible_v<T>) made_ = true;
  }
  MILLRACE_INLINE auto operator*() noexcept -> T& { return value_; }

 private:
  MILLRACE_INLINE void clear() noexcept {
    if constexpr (!std::is_trivially_destructible_v<T>) {
#if defined(__GNUC__) && !defined(__clang__)  // gcc does not follow made_
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
      if (made_) made_ = false, value_.~T();
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
    }
  }
  union {
    T value_;
  };
  bool made_ = false;
};
template <>
class scratch<void> {};

/// A handler for the time of a batch. A small plain one is copied, so that its state lives in registers while the loop runs
/// (three trivial stages: 1.3 times as many events), and written back afterwards, thrown or not. Only the handlers of the run
/// are copied: the others may belong to other threads just now.
template <typename F, bool Copies>
class hand {
  static constexpr bool copied = Copies && std::is_trivially_copyable_v<F> && std::is_copy_constructible_v<F>;

 public:
  explicit(false) hand(F& origin) noexcept : origin_{origin}, mine_{origin} {}
  hand(hand const&) = delete;
  auto operator=(hand const&) -> hand& = delete;
  ~hand() {
    if constexpr (copied && !std::is_empty_v<F> && !std::is_pointer_v<F> && !std::is_member_pointer_v<F>)
      __builtin_memcpy(static_cast<void*>(std::addressof(origin_)), static_cast<void const*>(std::addressof(mine_)), sizeof(F));
  }
  MILLRACE_INLINE auto get() noexcept -> F& { return mine_; }

 private:
  F& origin_;
  std::conditional_t<copied, F, F&> mine_;
};

}  // namespace millrace
