// SPDX-License-Identifier: MIT
// Who has come to a pipeline while it runs: for reports and snapshots, and so that no two take one place.
#pragma once
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string_view>
#include <vector>

#include <millrace/base/errors.hpp>
#include <millrace/sync/guests.hpp>
#include <millrace/sync/tally.hpp>

namespace millrace {

/// A guest as others see it.
template <typename Platform>
struct guest_entry {
  std::string_view name{};
  std::size_t ring = 0, place = 0;
  std::size_t worker = npos_worker;  ///< a reader has none
  sequence begun = 0;                ///< the first event that it sees
  tally<Platform> batches, useful_ns, failures;

  static constexpr auto npos_worker = static_cast<std::size_t>(-1);
  [[nodiscard]] auto is_tap() const noexcept -> bool { return place < guests<Platform>::taps; }
};

template <typename Platform>
class guest_book {
 public:
  using entry = guest_entry<Platform>;

  /// Gives `who` a place in the gate of its ring; `come()` is called under the lock.
  /// Throws     bad_call if all places are taken; what `come` throws, and then it is not in the book.
  template <typename Come>
  void enter(entry& who, bool reads, Come come) {
    std::lock_guard const g{mutex_};
    auto const end = reads ? guests<Platform>::most : guests<Platform>::taps;
    who.place = reads ? guests<Platform>::taps : 0;
    while (who.place < end && taken(who)) ++who.place;
    if (who.place == end) throw bad_call{reads ? "millrace: this ring has 4 readers already" : "millrace: this ring has 8 attached taps already"};
    all_.push_back(&who);
    try {
      come();
    } catch (...) {
      all_.pop_back();
      throw;
    }
  }
  template <typename Go>
  void leave(entry const& who, Go go) noexcept {
    std::lock_guard const g{mutex_};
    for (auto& e : all_)
      if (e == &who) {
        e = all_.back();
        all_.pop_back();
        break;
      }
    go();
  }
  /// `f(entry)` for each who is there. Nobody comes or goes meanwhile.
  template <typename F>
  void each(F f) const {
    std::lock_guard const g{mutex_};
    for (auto const* const e : all_) f(*e);
  }

 private:
  [[nodiscard]] auto taken(entry const& who) const noexcept -> bool {
    for (auto const* const e : all_)
      if (e->ring == who.ring && e->place == who.place) return true;
    return false;
  }
  mutable typename Platform::mutex mutex_;
  std::vector<entry*> all_;
};

}  // namespace millrace
