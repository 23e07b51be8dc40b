// SPDX-License-Identifier: MIT
// Coming and going.
#pragma once
#include <mutex>

#include <millrace/base/errors.hpp>

namespace millrace {

template <typename Platform>
void guest_book<Platform>::enter(entry& who, bool reads, function_view<void()> come) {
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

template <typename Platform>
void guest_book<Platform>::leave(entry const& who, function_view<void()> go) noexcept {
  std::lock_guard const g{mutex_};
  for (auto& e : all_)
    if (e == &who) {
      e = all_.back();
      all_.pop_back();
      break;
    }
  go();
}

template <typename Platform>
void guest_book<Platform>::each(function_view<void(entry const&)> f) const {
  std::lock_guard const g{mutex_};
  for (auto const* const e : all_) f(*e);
}

template <typename Platform>
auto guest_book<Platform>::taken(entry const& who) const noexcept -> bool {
  for (auto const* const e : all_)
    if (e->ring == who.ring && e->place == who.place) return true;
  return false;
}

}  // namespace millrace
