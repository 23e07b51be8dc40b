// SPDX-License-Identifier: MIT
// One subject of a round, from its runner's making to the comparison with a sequential run.
#pragma once
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "storm/draw.hpp"
#include "storm/plans.hpp"
#include "storm/round.hpp"

namespace storm {

class play {
 public:
  play(drawn const& what, shape const& of, millrace::workers& crew, watchdog& dog)
      : drawn_{what}, shape_{of}, crew_{crew}, dog_{dog}, subject_{of.make()}, stages_{subject_->stages()}, world_{of.stages, what.capacity, of.producers} {}

  /// What was wrong.
  auto run() -> std::string {
    prepare();
    {
      watchdog::guarded const guard{dog_, *subject_};
      begin();
      std::vector<std::thread> changers;
      for (std::size_t k = 0; k < drawn_.changers; ++k) changers.emplace_back([this, k] { change_until_over(drawn_.seed + 1 + k); });
      for (std::size_t p = 0; p < shape_.producers; ++p) producers_.emplace_back([this, p] { produce(p, drawn_.seed + 100 * p); });
      end();
      over_.store(true);
      for (auto& c : changers) c.join();
      subject_->destroy();
      join();  // their handles outlive the runner
      subject_->close();
    }
    if (wrong_.empty()) check();
    return wrong_;
  }
  void count(totals& t) const {
    t.events += entered();
    t.changes += changes_.load() + meddled_;
    t.refused += refused_.load();
    t.hand_overs += world_.history.hand_overs();
    for (std::size_t s = 0; s < stages_.size(); ++s) t.passes += world_.history.count(s);
    t.failed += report_.error != nullptr ? 1 : 0;
    t.stopped += report_.stopped ? 1 : 0;
  }

 private:
  using status = millrace::status;

  void prepare() {
    world_.events = drawn_.events;
    world_.seed = drawn_.seed;
    world_.keys = &keys_for(drawn_.keys, shape_.producers);
    if (drawn_.end == ending::fail && subject_->is(subject::kind::may_fail, drawn_.end_stage)) drawn_.end = ending::finish;
    if (drawn_.end == ending::fail) world_.fails_at[drawn_.end_stage] = drawn_.end_at;
    if (drawn_.end == ending::stop_inside) {
      world_.stopper = drawn_.end_stage, world_.stops_at = drawn_.end_at;
      world_.stop = [this] { subject_->stop(); };
    }
    if (drawn_.meddles && subject_->is(subject::kind::shared, drawn_.meddler)) drawn_.meddles = false;
    if (drawn_.meddles) {
      world_.meddler = drawn_.meddler;
      world_.meddles_every = drawn_.meddles_every;
      world_.meddle = [this, d = dice{~drawn_.seed}]() mutable {
        if (change(d)) ++meddled_;
      };
    }
    dice d{drawn_.seed ^ 1};
    millrace::runner_options o{.capacity = drawn_.capacity, .plan = draw_plan(d, stages_, crew_.size()), .batch = drawn_.batch, .wait = waits[drawn_.wait].policy,
                               .paused = begins_paused()};
    try {
      subject_->make(world_, crew_, o);
    } catch (millrace::bad_plan const&) {
      if (!shape_.constrained) wrong("a good plan was refused");
      o.plan = millrace::spread;
      subject_->make(world_, crew_, o);
    }
  }
  /// Handlers that reach for the runner want one that has been made.
  [[nodiscard]] auto begins_paused() const -> bool { return drawn_.paused || drawn_.meddles || drawn_.end == ending::stop_inside; }
  void begin() {
    subject_->open();
    if (!begins_paused()) return;
    dice d{drawn_.seed ^ 2};
    if (!shape_.own_source && d.one_in(2)) accepted_[0] = subject_->publish(0, publishing::try_up_to, std::min<std::uint64_t>(drawn_.capacity, each()), 0).count;
    for (auto n = d.below(3); n > 0; --n)
      if (change(d)) changes_.fetch_add(1);
    subject_->start();
  }
  /// One more plan; says whether it was taken.
  auto change(dice& d) -> bool {
    bool const bad = d.one_in(32);
    auto const plan = bad ? draw_bad_plan(d, stages_, crew_.size()) : draw_plan(d, stages_, crew_.size());
    try {
      auto const s = subject_->apply(plan);
      if (bad) wrong("a plan that leaves a stage to nobody was taken");
      return s == status::ok;
    } catch (millrace::bad_plan const&) {
      if (!bad && !shape_.constrained) wrong("a good plan was refused");
      refused_.fetch_add(1, std::memory_order_relaxed);
    } catch (std::exception const& e) {
      wrong(std::string{"apply threw: "}.append(e.what()));
    }
    return false;
  }
  void change_until_over(std::uint64_t seed) {
    dice d{seed};
    while (!over_.load(std::memory_order_relaxed)) {
      if (change(d)) changes_.fetch_add(1, std::memory_order_relaxed);
      if (subject_->keeps() && d.one_in(8)) look();
      if (drawn_.pause_us != 0) std::this_thread::sleep_for(std::chrono::microseconds{d.below(drawn_.pause_us)});
    }
  }

  void look() {
    if (auto const what = subject_->look(); !what.empty()) wrong(what);
  }

  // ---- the producers
  [[nodiscard]] auto each() const -> std::uint64_t { return drawn_.events / drawn_.producers; }
  void join() {
    for (auto& p : producers_)
      if (p.joinable()) p.join();
  }
  void produce(std::size_t producer, std::uint64_t seed) {
    if (shape_.own_source || producer >= drawn_.producers) return;
    dice d{seed};
    for (std::uint64_t next = accepted_[producer].load(); next < each();) {
      auto const how = d.one_in(8) ? static_cast<publishing>(d.below(publishings)) : drawn_.how;
      auto const n = std::min<std::uint64_t>(d.between(1, drawn_.publish_most), each() - next);
      auto const got = subject_->publish(producer, how, n, next);
      next += got.count;
      accepted_[producer].store(next);
      if (got.what == status::closed) return;
      if (got.what == status::refused) wrong("a publish that fits was refused");
      if (got.what == status::would_block) std::this_thread::yield();
    }
  }
  [[nodiscard]] auto entered() const -> std::uint64_t {
    if (shape_.own_source) return subject_->reached(0);
    std::uint64_t all = 0;
    for (auto const& a : accepted_) all += a.load();
    return all;
  }

  // ---- the ends
  void wait_for(std::uint64_t done) const {
    while (subject_->done() < done) std::this_thread::yield();
  }
  void end() {
    switch (drawn_.end) {
      case ending::finish_early:
        wait_for(drawn_.end_at);
        report_ = subject_->finish();
        join();
        return;
      case ending::stop:
        wait_for(drawn_.end_at);
        subject_->stop();
        join();
        report_ = subject_->finish();
        return;
      case ending::within:
        wait_for(drawn_.end_at);
        report_ = subject_->finish_within(std::chrono::microseconds{drawn_.seed % 1000});
        if (!report_.stuck.empty()) report_ = subject_->finish();  // it was stopped
        join();
        return;
      case ending::destroy:
        wait_for(drawn_.end_at);
        destroyed_ = true;
        return;
      case ending::flush:
        join();
        if (auto const s = subject_->flush(); s != status::ok && !shape_.own_source) wrong("a flush of a runner that runs was refused");
        if (!shape_.own_source && subject_->done() != entered()) wrong("a flush came back too early");
        report_ = subject_->finish();
        return;
      default:
        join();
        report_ = subject_->finish();
        return;
    }
  }

  // ---- the verdict
  void wrong(std::string_view what) {
    std::lock_guard const g{wrong_mutex_};
    if (wrong_.empty()) wrong_ = what;
  }
  void check() {
    if (!destroyed_) check_report();
    bool const whole = !destroyed_ && report_.left == 0 && report_.error == nullptr && !report_.stopped;
    world sequential{stages_.size(), std::max<std::size_t>(drawn_.capacity, 1024), shape_.producers};
    sequential.seed = world_.seed, sequential.keys = world_.keys;
    std::vector<std::size_t> shared;  // their parts stand at different places if it was broken off
    std::uint64_t most = 0;
    for (std::size_t s = 0; s < stages_.size(); ++s) {
      auto end = subject_->reached(s);
      if (subject_->is(subject::kind::expands, s)) end = std::max(end, world_.history.next(s));  // it may have stopped in the middle of an event
      if ((subject_->is(subject::kind::shared, s) || shape_.producers > 1) && !whole) shared.push_back(s), end = std::max(end, world_.history.next(s));
      else if (shape_.producers == 1) sequential.history.ends_at(s, end);
      if (subject_->is(subject::kind::of_the_first_ring, s)) most = std::max(most, end);
    }
    if (report_.error == nullptr && !destroyed_) sequential.fails_at = world_.fails_at;  // if it was to fail, it never came to it
    try {
      std::vector<std::uint64_t> events{most};
      if (shape_.producers > 1) events.assign(accepted_.begin(), accepted_.begin() + static_cast<std::ptrdiff_t>(shape_.producers));
      subject_->run_sequentially(sequential, events, [&] {
        for (auto const s : shared) sequential.history.ends_as(s, world_.history);
      });
    } catch (support::planned_failure const&) {
      return wrong("a handler threw, and nobody heard of it");
    }
    if (auto const w = world_.history.differs_from(sequential.history); !w.empty()) wrong(w);
  }
  void check_report() {
    auto const& r = report_;
    auto const published = static_cast<std::uint64_t>(r.published - r.tombstones);  // a claim that came too late for the end is none
    if (published != entered())
      return wrong(std::string{"the report has "}.append(std::to_string(r.published)).append(" events, ").append(std::to_string(r.tombstones)).append(" of them given up, and the producers ").append(std::to_string(entered())));
    if (static_cast<std::uint64_t>(r.done) != subject_->done()) return wrong("the report says another count of done events than the cursors");
    if (r.left < r.published - r.done) return wrong("the report has lost events");
    if (r.left != 0 && !r.stopped && r.error == nullptr) return wrong("events are left, and nobody stopped it");
    if (r.stopped && drawn_.end != ending::stop && drawn_.end != ending::stop_inside && drawn_.end != ending::within) return wrong("stopped by nobody");
    if (r.error == nullptr) {
      if (!r.stopped && drawn_.end != ending::finish_early && drawn_.end != ending::within && published != drawn_.events) return wrong("not all events have entered");
      return;
    }
    if (drawn_.end != ending::fail) return wrong(what_of(r.error));
    auto const at = static_cast<std::uint64_t>(r.failed_at);
    if (r.failed_stage != stages_[drawn_.end_stage].name) return wrong("another stage is blamed");
    if (shape_.producers > 1) return;  // numbers are not sequences there
    if (subject_->is(subject::kind::in_batches, drawn_.end_stage) ? at > drawn_.end_at : at != drawn_.end_at) return wrong("another event is blamed");
  }
  static auto what_of(std::exception_ptr const& error) -> std::string {
    try {
      std::rethrow_exception(error);
    } catch (std::exception const& e) {
      return std::string{"a handler threw: "}.append(e.what());
    } catch (...) {
      return "a handler threw";
    }
  }

  drawn drawn_;
  shape const& shape_;
  millrace::workers& crew_;
  watchdog& dog_;
  std::unique_ptr<subject> subject_;
  millrace::stage_list stages_;
  world world_;
  millrace::report report_;
  bool destroyed_ = false;
  std::atomic<bool> over_{false};
  std::array<std::atomic<std::uint64_t>, world::many> accepted_{};
  std::atomic<std::uint64_t> changes_{0}, refused_{0};
  std::vector<std::thread> producers_;
  std::uint64_t meddled_ = 0;  // by the handler that meddles, under its stage
  std::mutex wrong_mutex_;
  std::string wrong_;
};

}  // namespace storm
