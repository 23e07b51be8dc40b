// SPDX-License-Identifier: MIT
// Waking those of another crew.
#pragma once
#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>

#include <millrace/base/errors.hpp>

namespace millrace {

template <typename Platform>
crossings<Platform>::~crossings() = default;

template <typename Platform>
auto crossings<Platform>::from(std::shared_ptr<beds<Platform>> const& theirs, std::size_t size, function_view<bool(crossing<Platform>&)> seat) -> crossing<Platform>& {
  std::lock_guard const g{mutex_};
  for (auto& c : all_)
    if (c->is_from(theirs.get())) return *c;
  all_.push_back(owned<crossing<Platform>>{new crossing<Platform>(theirs, size)});
  if (!seat(*all_.back())) {
    all_.pop_back();
    throw bad_call{"millrace: workers of 8 other crews publish into this runner already; let some of them share a crew"};
  }
  return *all_.back();
}

template <typename Platform>
crossing<Platform>::crossing(std::shared_ptr<beds<Platform>> theirs, std::size_t size) : beds_{std::move(theirs)} {
  for (std::size_t i = 0; i < size; ++i) table_.seat(i, beds_->of[i]);
}

template <typename Platform>
void crossing<Platform>::wake() noexcept { waiting_.notify(table_); }

template <typename Platform>
void crossing<Platform>::alert() noexcept { waiting_.alert(table_); }

}  // namespace millrace
