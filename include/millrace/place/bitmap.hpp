// SPDX-License-Identifier: MIT
// A set of processors or of NUMA nodes in hwloc's form.
#pragma once
#include <hwloc.h>

#include <new>

#include <millrace/base/owned.hpp>

namespace millrace {

class bitmap {
 public:
  /// Throws     std::bad_alloc.
  bitmap() : bits_{hwloc_bitmap_alloc()} {
    if (bits_ == nullptr) throw std::bad_alloc{};
  }
  /// Throws     std::bad_alloc.
  void add(int index) {
    if (hwloc_bitmap_set(bits_.get(), static_cast<unsigned>(index)) != 0) throw std::bad_alloc{};
  }
  [[nodiscard]] auto has(unsigned index) const noexcept -> bool { return hwloc_bitmap_isset(bits_.get(), index) != 0; }
  /// How many it holds.
  [[nodiscard]] auto size() const noexcept -> int { return hwloc_bitmap_weight(bits_.get()); }
  [[nodiscard]] auto native() const noexcept -> hwloc_bitmap_t { return bits_.get(); }

 private:
  struct release {
    void operator()(hwloc_bitmap_t b) const noexcept { hwloc_bitmap_free(b); }
  };
  owned<hwloc_bitmap_s, release> bits_;
};

}  // namespace millrace
