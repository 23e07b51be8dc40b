// SPDX-License-Identifier: MIT
// Which of the waiting events has which key: a hash table of a fixed size. It knows hashes and places, and asks for the rest.
#pragma once
#include <cstddef>
#include <cstdint>
#include <utility>

#include <millrace/base/owned.hpp>
#include <millrace/base/sequence.hpp>

namespace millrace {

/// Open addressing with linear probing, at most half full; what is taken out leaves no mark (Knuth, TAOCP 3, 6.4, algorithm R).
class waiting_keys {
 public:
  static constexpr sequence none = -1;

  /// For `most` entries, a power of two.
  /// Throws     std::bad_alloc.
  void open(std::size_t most) {
    cells_.reset(new cell[2 * most]);
    mask_ = 2 * most - 1;
  }
  /// The place of the entry with this hash for which `same(place)`; none if there is none.
  template <typename Same>
  [[nodiscard]] auto find(std::uint64_t hash, Same same) const -> sequence {
    for (auto i = home(hash); cells_[i].at != none; i = behind(i))
      if (cells_[i].hash == hash && same(cells_[i].at)) return cells_[i].at;
    return none;
  }
  void add(std::uint64_t hash, sequence at) noexcept {
    auto i = home(hash);
    while (cells_[i].at != none) i = behind(i);
    cells_[i] = {hash, at};
  }
  /// Takes out the entry with this hash and place, which is there.
  void remove(std::uint64_t hash, sequence at) noexcept {
    auto hole = home(hash);
    while (cells_[hole].at != at) hole = behind(hole);
    for (auto i = behind(hole); cells_[i].at != none; i = behind(i))
      if (((i - home(cells_[i].hash)) & mask_) >= ((i - hole) & mask_)) cells_[std::exchange(hole, i)] = cells_[i];  // it may stand as far back as the hole
    cells_[hole].at = none;
  }

 private:
  struct cell {
    std::uint64_t hash = 0;
    sequence at = none;
  };
  [[nodiscard]] auto behind(std::size_t i) const noexcept -> std::size_t { return (i + 1) & mask_; }
  /// Spread by the multiplication, as in lane_of_key.
  [[nodiscard]] auto home(std::uint64_t h) const noexcept -> std::size_t {
    h ^= h >> 32;
    h *= 0x9e3779b97f4a7c15U;
    return static_cast<std::size_t>((h >> 32) ^ (h >> 52)) & mask_;
  }

  owned<cell[]> cells_;
  std::size_t mask_ = 0;
};

}  // namespace millrace
