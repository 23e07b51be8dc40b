// SPDX-License-Identifier: MIT
// std::atomic as the model sees it: every access is a step, loads may return old values.
#pragma once
#include <atomic>
#include <concepts>
#include <type_traits>

#include "model/location.hpp"

namespace millrace::model {

/// A number for the trace, the same in each repetition: of a pointer only whether it is null.
template <typename T>
auto readable(T v) noexcept -> long long {
  if constexpr (std::is_pointer_v<T>) return v != nullptr ? 1 : 0;
  else if constexpr (std::is_enum_v<T>) return static_cast<long long>(static_cast<std::underlying_type_t<T>>(v));
  else if constexpr (std::is_arithmetic_v<T>) return static_cast<long long>(v);
  else return 0;
}

template <typename T>
class atomic {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  using value_type = T;
  static constexpr bool is_always_lock_free = true;

  atomic() noexcept : atomic{T{}} {}
  atomic(T v) noexcept { values_[0] = v; }  // implicit as in the standard
  atomic(atomic const&) = delete;
  auto operator=(atomic const&) -> atomic& = delete;

  auto load(std::memory_order o = std::memory_order::seq_cst) const noexcept -> T {
    if (!world.running()) return newest();
    world.point();
    auto const v = values_[where_.read(o)];
    note("load", v, o);
    return v;
  }
  void store(T v, std::memory_order o = std::memory_order::seq_cst) noexcept {
    if (!world.running()) return over(v);
    world.point();
    values_[where_.write(o, false)] = v;
    note("store", v, o);
  }
  auto exchange(T v, std::memory_order o = std::memory_order::seq_cst) noexcept -> T {
    return modify([v](T) { return v; }, o);
  }
  auto compare_exchange_strong(T& expected, T desired, std::memory_order o, std::memory_order failed) noexcept -> bool {
    return replace(expected, desired, o, failed, false);
  }
  auto compare_exchange_weak(T& expected, T desired, std::memory_order o, std::memory_order failed) noexcept -> bool {
    return replace(expected, desired, o, failed, true);
  }
  auto compare_exchange_strong(T& expected, T desired, std::memory_order o = std::memory_order::seq_cst) noexcept -> bool {
    return replace(expected, desired, o, on_failure(o), false);
  }
  auto compare_exchange_weak(T& expected, T desired, std::memory_order o = std::memory_order::seq_cst) noexcept -> bool {
    return replace(expected, desired, o, on_failure(o), true);
  }

  auto fetch_add(T v, std::memory_order o = std::memory_order::seq_cst) noexcept -> T requires std::integral<T> {
    return modify([v](T was) { return static_cast<T>(was + v); }, o);
  }
  auto fetch_sub(T v, std::memory_order o = std::memory_order::seq_cst) noexcept -> T requires std::integral<T> {
    return modify([v](T was) { return static_cast<T>(was - v); }, o);
  }
  auto fetch_or(T v, std::memory_order o = std::memory_order::seq_cst) noexcept -> T requires std::integral<T> {
    return modify([v](T was) { return static_cast<T>(was | v); }, o);
  }
  auto fetch_and(T v, std::memory_order o = std::memory_order::seq_cst) noexcept -> T requires std::integral<T> {
    return modify([v](T was) { return static_cast<T>(was & v); }, o);
  }
  auto fetch_xor(T v, std::memory_order o = std::memory_order::seq_cst) noexcept -> T requires std::integral<T> {
    return modify([v](T was) { return static_cast<T>(was ^ v); }, o);
  }

  operator T() const noexcept { return load(); }
  auto operator=(T v) noexcept -> T {
    store(v);
    return v;
  }

  /// What the kernel sees, and what a scenario looks at when all is over. No step.
  [[nodiscard]] auto newest() const noexcept -> T { return values_[where_.newest()]; }

 private:
  static constexpr auto on_failure(std::memory_order o) noexcept -> std::memory_order {
    if (o == std::memory_order::acq_rel) return std::memory_order::acquire;
    return o == std::memory_order::release ? std::memory_order::relaxed : o;
  }

  void over(T v) noexcept { values_[where_.newest()] = v; }
  template <typename F>
  auto modify(F f, std::memory_order o) noexcept -> T {
    if (!world.running()) {
      auto const was = newest();
      over(f(was));
      return was;
    }
    world.point();
    auto const was = values_[where_.read_newest(o)];
    auto const will = f(was);
    values_[where_.write(o, true)] = will;
    note("modify", will, o);
    return was;
  }
  auto replace(T& expected, T desired, std::memory_order o, std::memory_order failed, bool weak) noexcept -> bool {
    if (!world.running()) {
      if (newest() != expected) return expected = newest(), false;
      over(desired);
      return true;
    }
    world.point();
    // The newest value decides, or an old one makes it fail, or nothing does.
    if (newest() == expected && !(weak && world.choices().chance(seldom))) {
      static_cast<void>(where_.read_newest(o));
      values_[where_.write(o, true)] = desired;
      note("replace", desired, o);
      return true;
    }
    auto const v = newest() == expected ? values_[where_.read_newest(failed)] : values_[where_.read(failed)];
    note("cannot replace", v, failed);
    if (v == expected && !weak) return expected = values_[where_.read_newest(failed)], false;
    expected = v;
    return false;
  }
  void note(char const* what, T v, std::memory_order o) const {
    if (world.tracing()) [[unlikely]] world.note(what, this, readable(v), text(o));
    else world.no_note();
  }

  static constexpr unsigned seldom = 8;

  mutable location where_;
  T values_[location::depth];
};

}  // namespace millrace::model
