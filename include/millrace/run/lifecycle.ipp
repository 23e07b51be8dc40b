// SPDX-License-Identifier: MIT
// The changes of a life, one at a time.
#pragma once
#include <cstddef>
#include <mutex>

namespace millrace {

template <typename Platform>
auto lifecycle<Platform>::members() const -> std::size_t {
  std::lock_guard const g{mutex_};
  return members_;
}

template <typename Platform>
auto lifecycle<Platform>::how_it_failed() const -> failure {
  std::lock_guard const g{mutex_};
  return failure_;
}

template <typename Platform>
auto lifecycle<Platform>::was_stopped() const -> bool {
  std::lock_guard const g{mutex_};
  return stopped_;
}

template <typename Platform>
auto lifecycle<Platform>::start() -> bool {
  std::lock_guard const g{mutex_};
  if (now() != life::paused) return false;
  advance_to(life::running);
  return true;
}

template <typename Platform>
void lifecycle<Platform>::drain(function_view<void()> close) {
  std::lock_guard const g{mutex_};
  if (now() != life::running) return;
  close();
  advance_to(life::draining);
}

template <typename Platform>
void lifecycle<Platform>::stop(function_view<void()> close) {
  std::lock_guard const g{mutex_};
  if (now() >= life::stopping) return;
  stopped_ = true;
  close();
  advance_to(life::stopping);
}

template <typename Platform>
void lifecycle<Platform>::fail(failure const& what, function_view<void()> close) {
  std::lock_guard const g{mutex_};
  if (failure_.error == nullptr) failure_ = what;
  if (now() >= life::stopping) return;
  close();
  advance_to(life::stopping);
}

template <typename Platform>
auto lifecycle<Platform>::broken_off() const -> bool {
  std::lock_guard const g{mutex_};
  return now() == life::stopping || stopped_ || failure_.error != nullptr;
}

template <typename Platform>
void lifecycle<Platform>::close(std::size_t stage) {
  if (closed_.raise(stage) != all_) return;
  std::lock_guard const g{mutex_};
  if (now() != life::over) advance_to(life::over);
}

template <typename Platform>
void lifecycle<Platform>::joins() {
  std::lock_guard const g{mutex_};
  ++members_;
}

template <typename Platform>
auto lifecycle<Platform>::joins_late() -> bool {
  std::lock_guard const g{mutex_};
  if (now() >= life::stopping) return false;
  ++members_;
  return true;
}

template <typename Platform>
void lifecycle<Platform>::leaves(function_view<void()> alert) {
  std::lock_guard const g{mutex_};
  if (--members_ == 0) alert();
}

}  // namespace millrace
