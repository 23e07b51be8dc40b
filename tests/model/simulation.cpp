// SPDX-License-Identifier: MIT
#include "model/simulation.hpp"

#include <algorithm>
#include <bit>
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "model/location.hpp"

namespace millrace::model {

simulation world;

namespace {

constexpr auto bit(unsigned t) noexcept -> thread_mask { return thread_mask{1} << t; }
constexpr auto lowest(thread_mask m) noexcept -> unsigned { return static_cast<unsigned>(std::countr_zero(m)); }

struct first_task final : task {
  void (*scenario)();
  explicit first_task(void (*s)()) : scenario{s} {}
  void run() override { scenario(); }
};

}  // namespace

auto simulation::run(void (*scenario)(), schedule const& choices, conditions const& how, bool trace) -> outcome {
  ++number_;
  strategy_.begin(choices);
  weakened_ = how.weakened;
  defect_ = how.defect;
  most_steps_ = how.most_steps;
  tracing_ = trace;
  steps_ = 0;
  moment_ = choices.moment;
  alarm_ = no_alarm;
  moment_came_ = false;
  now_ = 1'000'000;
  location::heavy_barriers = 0;
  count_ = 0;
  ready_ = spinning_ = timed_ = light_sleepers_ = alive_ = 0;
  failure_.clear();
  trace_.clear();
  ranges_.clear();
  histories_.clear();
  asymmetric_ = strategy_.any(2) == 0;
  may_wake_for_nothing_ = how.spurious && strategy_.chance(2);
  current_ = spawn(std::make_unique<first_task>(scenario));
  running_ = true;
  fiber::change(home_, threads_[current_].context);
  running_ = false;
  return {failure_, std::move(trace_), steps_};
}

void simulation::entry() noexcept {
  fiber::arrived();
  auto& t = world.me();
  try {
    t.body->run();
  } catch (std::exception const& e) {
    world.fail(std::string{"an exception left a thread: "} + e.what());
  } catch (...) {
    world.fail("an exception left a thread");
  }
  world.end_thread();
}

auto simulation::spawn(std::unique_ptr<task> body) -> unsigned {
  if (count_ == most_threads) fail("the scenario has more threads than the explorer can hold");
  auto const t = count_++;
  auto& r = threads_[t];
  r.context.prepare(&simulation::entry, t == 0 ? main_stack_bytes : stack_bytes);
  r.knows = r.may_acquire = r.at_fence = r.at_light = clock{};
  if (t != 0) {
    if (t == 1) steps_ = 0;  // what was made before is no part of the story
    point();
    r.knows = me().knows;
    ++me().knows.at[current_];
  }
  r.knows.at[t] = 1;
  r.heavy_seen = 0;
  r.last_site = most_sites;
  r.deadline = no_deadline;
  r.current = nullptr;
  r.name = t == 0 ? "main" : "";
  r.body = std::move(body);
  ready_ |= bit(t);
  alive_ |= bit(t);
  strategy_.born(t);
  progress();
  if (tracing_) note("starts thread " + std::to_string(t));
  return t;
}

void simulation::join(unsigned t) noexcept {
  if (!running_) return;
  point();
  while (alive(t)) block(&threads_[t], "for the end of a thread", no_deadline, false);
  me().knows.join(threads_[t].knows);
  ++me().knows.at[current_];
}

void simulation::end_thread() noexcept {
  auto const t = current_;
  threads_[t].body.reset();
  location::light_barrier();  // a thread ends in the kernel
  alive_ &= ~bit(t);
  ready_ &= ~bit(t);
  wake(&threads_[t]);
  if (tracing_) note("ends");
  if (t == 0) {
    if (alive_ != 0) fail("the scenario ended before its threads");
    fiber::change(threads_[t].context, home_, true);
  }
  auto const next = choose();
  current_ = next;
  fiber::change(threads_[t].context, threads_[next].context, true);
  std::abort();
}

void simulation::go(unsigned next) noexcept {
  if (next == current_) return;
  auto const from = current_;
  current_ = next;
  fiber::change(threads_[from].context, threads_[next].context);
}

auto simulation::choose() noexcept -> unsigned {
  if (timed_ != 0) {
    if (threads_[earliest()].deadline <= now_ || strategy_.chance(seldom)) fire(earliest());  // nobody promises to be in time
  }
  if (light_sleepers_ != 0 && strategy_.chance(seldom)) {
    auto const t = lowest(light_sleepers_);
    if (tracing_) note(thread_name(t) + " wakes for no reason");
    ready(t);
  }
  for (;;) {
    if (auto const can = ready_ & ~spinning_; can != 0) return strategy_.next(can, current_);
    if (ready_ != 0) {  // everybody looks in vain: time passes
      spinning_ = 0;
      now_ += idle_time;
      if (timed_ != 0 && threads_[earliest()].deadline <= now_) fire(earliest());
      if (++steps_ > most_steps_) too_long();
    } else if (wake(&quiet_); ready_ != 0) {
      continue;
    } else if (timed_ != 0) {  // nobody promises that the first to be due is the first to run
      fire(pick_timer());
    } else if (alarm_ != no_alarm) {  // nothing else will happen before it
      alarm_ = no_alarm;
      wake(&at_the_moment_);
    } else {
      fail("deadlock:" + who_waits());
    }
  }
}

void simulation::wait_for_moment() noexcept {
  if (moment_ == drawn_moment) moment_ = steps_ + strategy_.any(256);
  if (steps_ >= moment_) {
    moment_came_ = true;
    return;
  }
  alarm_ = moment_;
  static_cast<void>(block(&at_the_moment_, "until its moment", no_deadline, false));
}

void simulation::come_to_the_moment() noexcept {
  alarm_ = no_alarm;
  moment_came_ = true;
  auto who = current_;
  for (auto asleep = alive_ & ~ready_; asleep != 0; asleep &= asleep - 1)
    if (auto const t = lowest(asleep); threads_[t].waits_for == &at_the_moment_) who = t;
  wake(&at_the_moment_);
  strategy_.hurries(who);
  if (tracing_) note("here is the moment");
  go(who);
}

void simulation::hint() noexcept {
  if (!running_) return;
  spinning_ |= bit(current_);
  strategy_.yielded(current_);
  if (++steps_ > most_steps_) too_long();
  now_ += step_time;
  if (steps_ >= alarm_) [[unlikely]] return come_to_the_moment();
  go(choose());
}

auto simulation::block(void const* on, char const* how, std::int64_t deadline, bool may_wake_for_nothing) noexcept -> bool {
  auto& t = me();
  auto const b = bit(current_);
  t.waits_for = on;
  t.waits_how = how;
  t.deadline = deadline;
  t.timed_out = false;
  ready_ &= ~b;
  if (deadline != no_deadline) timed_ |= b;
  if (may_wake_for_nothing && may_wake_for_nothing_) light_sleepers_ |= b;
  if (tracing_) note(std::string{"sleeps "} + how);
  go(choose());
  return !t.timed_out;
}

void simulation::wake(void const* on) noexcept {
  for (auto asleep = alive_ & ~ready_; asleep != 0; asleep &= asleep - 1)
    if (auto const t = lowest(asleep); threads_[t].waits_for == on) ready(t);
  progress();
}

void simulation::ready(unsigned t) noexcept {
  ready_ |= bit(t);
  timed_ &= ~bit(t);
  light_sleepers_ &= ~bit(t);
  threads_[t].waits_for = nullptr;
}

auto simulation::earliest() const noexcept -> unsigned {
  auto best = lowest(timed_);
  for (auto m = timed_ & (timed_ - 1); m != 0; m &= m - 1)
    if (auto const t = lowest(m); threads_[t].deadline < threads_[best].deadline) best = t;
  return best;
}

auto simulation::pick_timer() noexcept -> unsigned {
  auto const first = earliest();
  auto i = strategy_.pick(static_cast<unsigned>(std::popcount(timed_)));
  if (i == 0) return first;
  auto others = timed_ & ~bit(first);
  for (; i > 1; --i) others &= others - 1;
  return lowest(others);
}

void simulation::fire(unsigned t) noexcept {
  now_ = std::max(now_, threads_[t].deadline);
  threads_[t].timed_out = true;
  if (tracing_) note("time is up for " + thread_name(t));
  ready(t);
  strategy_.yielded(t);  // who waits for a time is in no hurry
  progress();
}

void simulation::leave() noexcept {
  running_ = false;
  fiber::change(threads_[current_].context, home_, true);
  std::abort();
}

void simulation::fail(std::string what) noexcept {
  if (!running_) {
    std::fprintf(stderr, "model: %s\n", what.c_str());
    std::abort();
  }
  failure_ = std::move(what);
  if (tracing_) note("FAILS: " + failure_);
  leave();
}

void simulation::too_long() noexcept { fail("livelock: more than " + std::to_string(most_steps_) + " steps;" + who_waits()); }

void simulation::forget(location& l) noexcept { std::erase(histories_, &l); }

}  // namespace millrace::model
