// SPDX-License-Identifier: MIT
// Shared ownership for an object that is to live in registers.
#pragma once
#include <memory>
#include <utility>

#include <millrace/base/config.hpp>

namespace millrace {

/// Like a shared_ptr, but nobody gets its address: one that has been handed to a function, as the copy constructor of a shared_ptr
/// may be, pins the whole of the object that it is part of to memory. (A publish of one event takes four cycles more then.)
/// Costs      an allocation to make; moved for nothing.
template <typename T>
class co_owner {
 public:
  MILLRACE_INLINE co_owner() noexcept = default;
  MILLRACE_INLINE explicit co_owner(std::shared_ptr<T> const& of) : held_{hold(of)} {}
  MILLRACE_INLINE co_owner(co_owner&& other) noexcept : held_{std::exchange(other.held_, nullptr)} {}
  MILLRACE_INLINE auto operator=(co_owner&& other) noexcept -> co_owner& {
    auto* const was = std::exchange(held_, std::exchange(other.held_, nullptr));
    if (was != nullptr) let_go(was);
    return *this;
  }
  MILLRACE_INLINE ~co_owner() {
    if (held_ != nullptr) let_go(held_);
  }

  MILLRACE_INLINE explicit operator bool() const noexcept { return held_ != nullptr; }
  [[nodiscard]] MILLRACE_INLINE auto get() const noexcept -> T* { return held_ != nullptr ? held_->get() : nullptr; }
  MILLRACE_INLINE auto operator*() const noexcept -> T& { return **held_; }
  MILLRACE_INLINE auto operator->() const noexcept -> T* { return held_->get(); }

 private:
  [[gnu::noinline]] static auto hold(std::shared_ptr<T> const& of) -> std::shared_ptr<T>* { return new std::shared_ptr<T>{of}; }
  [[gnu::noinline]] static void let_go(std::shared_ptr<T>* held) noexcept { delete held; }

  std::shared_ptr<T>* held_ = nullptr;
};

}  // namespace millrace
