// SPDX-License-Identifier: MIT
// The life of an engine, whatever its pipeline is.
#pragma once
#include <cstddef>
#include <memory>
#include <utility>

#include <millrace/base/errors.hpp>

namespace millrace {

template <typename Platform>
vessel<Platform>::vessel(std::size_t stages, std::size_t crew_size, wait_policy const& wait, void const* home, std::shared_ptr<beds<Platform>> beds)
    : course_{stages}, workers_{crew_size}, home_{home}, beds_{std::move(beds)} {
  wait_ = wait;
}
template <typename Platform>
vessel<Platform>::~vessel() = default;

template <typename Platform>
auto vessel<Platform>::post(plan const& p, function_view<void(std::size_t)> hire) -> status {
  return board_.post(p, hire, [this](std::uint64_t concerned) { entry().alert(concerned); });
}

template <typename Platform>
void vessel<Platform>::start(function_view<void(std::size_t)> hire) {
  try {
    board_.start(hire, [this] { stop(); });
  } catch (...) {
    close_for_the_missing();
    throw;
  }
}

template <typename Platform>
void vessel<Platform>::fly(std::shared_ptr<pilot> who) {
  board_.turn_over([&] {
    if (pilot_ != nullptr) throw bad_call{"millrace: this runner has a scheduler already"};
    pilot_ = std::move(who);
  });
  entry().alert_all();
}

template <typename Platform>
void vessel<Platform>::close_for_the_missing() noexcept {
  for (std::size_t i = 0; i < workers_; ++i)
    while (board_.misses(i) && this->work(i) != outcome::over) Platform::yield();
}

template <typename Platform>
void vessel<Platform>::stop() {
  bool nobody_closes = false;
  course_.stop([&] { shut_entry(), nobody_closes = course_.now() == life::paused; });
  if (nobody_closes) sweep();
  entry().alert_all();
}

template <typename Platform>
void vessel<Platform>::drain() {
  course_.drain([this] { end_entry(); });
  entry().alert_all();
}

template <typename Platform>
void vessel<Platform>::fail(failure const& what) noexcept {
  course_.fail(what, [this] { shut_entry(); });
  entry().alert_all();
}

template <typename Platform>
auto vessel<Platform>::how_it_went() -> report {
  report r;
  count(r);
  each_guest([&](guest_entry<Platform> const& guest, sequence at) {
    if (guest.is_tap()) r.taps.push_back({guest.name, at - guest.begun, guest.failures.read()});
  });
  r.stopped = course_.was_stopped();
  auto const how = course_.how_it_failed();
  r.error = how.error;
  if (how.error != nullptr) r.failed_stage = how.guest.empty() ? stages_planned()[how.stage].name : how.guest, r.failed_at = how.at;
  return r;
}

template <typename Platform>
void vessel<Platform>::each_guest(function_view<void(guest_entry<Platform> const&, sequence)> f) const {
  book_.each([&](guest_entry<Platform> const& guest) { f(guest, how_far(guest)); });
}

template <typename Platform>
auto vessel<Platform>::crossing_from(std::shared_ptr<beds<Platform>> const& theirs, std::size_t size) -> crossing<Platform>& {
  return crossings_.from(theirs, size, [this](crossing<Platform>& c) { return seat(c); });
}

template <typename Platform>
auto vessel<Platform>::would_wait_for_itself() const noexcept -> bool {
  return Platform::current() == home_ || course_.now() == life::paused || beds_->one_is_mine();
}

template <typename Platform>
void vessel<Platform>::refuse_elsewhere() const {
  if (!is_here()) throw bad_call{"millrace: a runner works in the process that made it; a child made by fork() has none of its workers"};
}

template <typename Platform>
void vessel<Platform>::leave(std::size_t) noexcept {
  course_.leaves([this] { others_.alert(); });
}

}  // namespace millrace
