// SPDX-License-Identifier: MIT
// Following who waits for whom.
#pragma once
#include <algorithm>
#include <cstddef>
#include <mutex>

namespace millrace {

template <typename Platform>
waiting_crews<Platform>::wait::wait(void const* who, void const* whom) : edge_{who, whom, Platform::forks()} {
  if (who != nullptr) stands_ = may_ = all().add(edge_);
}

template <typename Platform>
waiting_crews<Platform>::wait::~wait() {
  if (stands_) all().remove(edge_);
}

template <typename Platform>
auto waiting_crews<Platform>::add(edge const& e) -> bool {
  std::lock_guard const g{mutex_};
  if (leads(e.whom, e.who, e.forks)) return false;
  edges_.push_back(e);
  return true;
}

template <typename Platform>
void waiting_crews<Platform>::remove(edge const& e) noexcept {
  std::lock_guard const g{mutex_};
  edges_.erase(std::find(edges_.begin(), edges_.end(), e));
}

template <typename Platform>
auto waiting_crews<Platform>::leads(void const* from, void const* to, std::uint32_t forks) const -> bool {
  std::vector<void const*> reached{from};
  for (std::size_t i = 0; i < reached.size(); ++i) {
    if (reached[i] == to) return true;
    for (auto const& e : edges_)
      if (e.who == reached[i] && e.forks == forks && std::find(reached.begin(), reached.end(), e.whom) == reached.end()) reached.push_back(e.whom);
  }
  return false;
}

}  // namespace millrace
