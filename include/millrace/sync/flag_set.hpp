// SPDX-License-Identifier: MIT
// Up to 64 things that happen once each, on any thread: which of them have happened.
#pragma once
#include <cstddef>
#include <cstdint>

#include <millrace/sync/platform.hpp>

namespace millrace {

template <typename Platform>
class flag_set {
 public:
  /// Raises a flag and says which are up now, this one included.
  /// Orders     release and acquire: who sees all flags sees what was done before each of them was raised.
  auto raise(std::size_t flag) noexcept -> std::uint64_t { return raise_all(std::uint64_t{1} << flag); }
  auto raise_all(std::uint64_t mine) noexcept -> std::uint64_t {
    return bits_.fetch_or(mine, Platform::template order<site::flags_raise>(std::memory_order::acq_rel)) | mine;  // pairs with raised() and other raises
  }
  [[nodiscard]] auto raised() const noexcept -> std::uint64_t {
    return bits_.load(Platform::template order<site::flags_read>(std::memory_order::acquire));  // pairs with raise()
  }

 private:
  typename Platform::template atomic<std::uint64_t> bits_{0};
};

}  // namespace millrace
