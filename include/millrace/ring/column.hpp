// SPDX-License-Identifier: MIT
// Storage for one value per slot of a ring: the events, or the results of one mapping stage. A ring is a set of columns, so
// that everything in one array has one writer, batches are contiguous memory, and a result that nobody stores costs nothing.
#pragma once
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

#include <millrace/base/cache_line.hpp>
#include <millrace/base/capacity.hpp>
#include <millrace/base/config.hpp>
#include <millrace/base/owned.hpp>

namespace millrace {

/// Whether the values live as long as the ring and are written over (they keep their buffers), or are made for each event.
template <typename T>
inline constexpr bool lives_in_ring = std::default_initializable<T> && (std::is_move_assignable_v<T> || !std::is_move_constructible_v<T>);

/// One value of T for each slot; made once if `Resident`, else made by put() and destroyed when the slot is used again.
template <typename T, bool Resident>
class column {
 public:
  using value_type = T;
  static constexpr bool resident = Resident;
  static constexpr bool flagged = !Resident && !std::is_trivially_destructible_v<T>;  // must know what to destroy

  column() = default;
  column(column const&) = delete;
  auto operator=(column const&) -> column& = delete;
  ~column() { release(); }

  /// Memory for `size` values, not yet touched: its pages may still be bound to a node.
  /// Throws     std::bad_alloc; the column is then as before.
  void allocate(capacity size) {
    MILLRACE_ASSERT(values_ == nullptr);
    auto const slots = static_cast<std::size_t>(size.slots());
    if (slots > static_cast<std::size_t>(PTRDIFF_MAX) / sizeof(T)) throw std::bad_array_new_length{};
    owned<std::uint8_t[]> made;
    if constexpr (flagged) made.reset(new std::uint8_t[slots]());
    values_ = static_cast<T*>(::operator new(sizeof(T) * slots, std::align_val_t{alignment}));
    slots_ = slots;
    made_ = std::move(made);
  }
  [[nodiscard]] auto memory() const noexcept -> void* { return values_; }
  [[nodiscard]] auto bytes() const noexcept -> std::size_t { return sizeof(T) * slots_; }
  /// Makes the resident values.
  /// Throws     what T's constructor throws; what was made is destroyed.
  void construct() {
    if constexpr (Resident)
      for (; living_ < slots_; ++living_) ::new (static_cast<void*>(values_ + living_)) T();
  }

  [[nodiscard]] MILLRACE_INLINE auto data() const noexcept -> T* { return values_; }
  [[nodiscard]] MILLRACE_INLINE auto operator[](std::size_t i) const noexcept -> T& { return values_[i]; }

  /// Per slot whether it holds a value that must be destroyed; null if none ever must.
  [[nodiscard]] auto made() const noexcept -> std::uint8_t* { return made_.get(); }

  /// The value of slot `i` becomes what `make()` returns, by elision where it is made anew. If that throws a slot that is
  /// made anew is left empty.
  template <typename Make>
  MILLRACE_INLINE void put(std::size_t i, Make&& make) {
    if constexpr (Resident) {
      values_[i] = make();
    } else if constexpr (flagged) {
      clear(i);
      ::new (static_cast<void*>(values_ + i)) T(make());
      made_[i] = 1;
    } else {
      ::new (static_cast<void*>(values_ + i)) T(make());
    }
  }

 private:
  void clear(std::size_t i) noexcept {
    if (made_[i] == 0) return;
    made_[i] = 0;
    values_[i].~T();
  }
  void release() noexcept {
    if (values_ == nullptr) return;
    if constexpr (Resident) {
      while (living_ != 0) values_[--living_].~T();
    } else if constexpr (flagged) {
      for (std::size_t i = 0; i < slots_; ++i) clear(i);
    }
    ::operator delete(values_, std::align_val_t{alignment});
  }

  // On lines of its own: a small value does not lie across two, and the first shares none with another column.
  static constexpr std::size_t alignment = alignof(T) > cache_line_size ? alignof(T) : cache_line_size;

  T* values_ = nullptr;
  std::size_t slots_ = 0, living_ = 0;
  owned<std::uint8_t[]> made_;  // only if flagged
};

/// Of a stage that returns nothing.
template <bool Resident>
class column<void, Resident> {
 public:
  void allocate(capacity) noexcept {}
  [[nodiscard]] auto memory() const noexcept -> void* { return nullptr; }
  [[nodiscard]] auto bytes() const noexcept -> std::size_t { return 0; }
  void construct() noexcept {}
};

}  // namespace millrace
