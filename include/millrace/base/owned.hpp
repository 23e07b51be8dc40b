// SPDX-License-Identifier: MIT
// One owner for an object or an array. A std::unique_ptr is a std::tuple inside, and each kind of it costs some 5 ms of compile time.
#pragma once
#include <cstddef>
#include <type_traits>

namespace millrace {

/// How what is owned goes, unless somebody says otherwise.
template <typename T>
struct deleted {
  void operator()(T* p) const noexcept { delete p; }
};
template <typename T>
struct deleted<T[]> {
  void operator()(T* p) const noexcept { delete[] p; }
};

/// Like a unique_ptr with a deleter without state. T must be complete only where it goes.
template <typename T, typename Release = deleted<T>>
class owned {
 public:
  using element = std::remove_extent_t<T>;

  constexpr owned() noexcept = default;
  explicit owned(element* p) noexcept : p_{p} {}
  owned(owned&& other) noexcept : p_{other.release()} {}
  auto operator=(owned&& other) noexcept -> owned& {
    reset(other.release());
    return *this;
  }
  ~owned() {
    if (p_ != nullptr) Release{}(p_);  // and it is not forgotten: who uses what has gone is to be found by who watches the memory, not to fall over null
  }

  void reset(element* p = nullptr) noexcept {
    auto* const was = p_;
    p_ = p;
    if (was != nullptr) Release{}(was);
  }
  [[nodiscard]] auto release() noexcept -> element* {
    auto* const was = p_;
    p_ = nullptr;
    return was;
  }
  [[nodiscard]] auto get() const noexcept -> element* { return p_; }
  [[nodiscard]] auto operator*() const noexcept -> element& { return *p_; }
  [[nodiscard]] auto operator->() const noexcept -> element* { return p_; }
  [[nodiscard]] auto operator[](std::size_t i) const noexcept -> element& { return p_[i]; }
  [[nodiscard]] explicit operator bool() const noexcept { return p_ != nullptr; }
  [[nodiscard]] friend auto operator==(owned const& o, std::nullptr_t) noexcept -> bool { return o.p_ == nullptr; }

 private:
  element* p_ = nullptr;
};

}  // namespace millrace
