// SPDX-License-Identifier: MIT
// A tap that came while the pipeline runs: a job of its own on a worker of the crew.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <utility>

#include <millrace/base/config.hpp>
#include <millrace/base/errors.hpp>
#include <millrace/base/owned.hpp>
#include <millrace/run/errand.hpp>
#include <millrace/run/seat.hpp>
#include <millrace/run/visit.hpp>
#include <millrace/stage/hooks.hpp>

namespace millrace {

/// An attached tap, or who looks for stalls, as its handle knows it.
class tap_control {
 public:
  tap_control() = default;
  tap_control(tap_control const&) = delete;
  auto operator=(tap_control const&) -> tap_control& = delete;
  virtual ~tap_control() = default;
  /// The tap will not be called again, and is no longer in the gate; or the calling thread would wait for itself: false.
  virtual auto detach() -> bool = 0;
  [[nodiscard]] virtual auto running() const noexcept -> bool = 0;
  [[nodiscard]] virtual auto passed() const noexcept -> sequence = 0;
};

/// The handle of an attached tap, or of who looks for stalls. Keeps the ring alive; the tap goes with it.
class attached {
 public:
  attached() = default;
  explicit attached(owned<tap_control> tap) noexcept : tap_{std::move(tap)} {}
  attached(attached&&) noexcept = default;
  auto operator=(attached&& other) noexcept -> attached& {
    if (this != &other) release(), tap_ = std::move(other.tap_), passed_ = other.passed_;
    return *this;
  }
  MILLRACE_COLD ~attached() { release(); }

  /// Takes it away: when this returns it is not called any more, nobody waits for it, and whoever did has been woken.
  /// Waits      for its worker, until the batch under way is done.
  /// Throws     bad_call on a worker of the same crew, while the tap runs: that would wait for itself.
  MILLRACE_COLD void detach() {
    if (tap_ == nullptr) return;
    if (!tap_->detach()) throw bad_call{"millrace: detach() on a worker of the same crew would wait for itself"};
    forget();
  }
  /// It is called for events, or will be; no longer after detach(), the runner's end, or what it has thrown.
  [[nodiscard]] auto running() const noexcept -> bool { return tap_ != nullptr && tap_->running(); }
  /// Events that it has passed, those that a filter had dropped included; stalls that it has told.
  [[nodiscard]] auto passed() const noexcept -> sequence { return tap_ != nullptr ? tap_->passed() : passed_; }

 private:
  void forget() noexcept {
    passed_ = tap_->passed();
    tap_.reset();
  }
  void release() noexcept {
    if (tap_ == nullptr) return;
    if (!tap_->detach()) {
      std::fputs("millrace: the handle of a tap or a lookout was destroyed by a worker of the same crew, which would have to wait for itself\n", stderr);
      std::abort();
    }
    forget();
  }
  owned<tap_control> tap_;
  sequence passed_ = 0;
};

/// `Visitor` is the tap in its place.
template <typename Engine, typename Visitor, typename Crew>
class attached_tap final : public errand<Engine, Crew>, public tap_control {
  using Node = typename Visitor::node;
  using visit_type = visit<Engine, Visitor::ring, Node>;
  using platform = typename Engine::platform;
  using looks = typename visit_type::looks;
  using handler = typename Node::handler;
  static constexpr bool forgives = Node::is.in_the_end != remedy::stop;

 public:
  MILLRACE_COLD attached_tap(std::shared_ptr<Engine> const& to, std::shared_ptr<Crew> on, Visitor&& tap, beginning from, std::size_t worker, std::int64_t batch)
      : errand<Engine, Crew>{*to, std::move(on)}, visit_{to, false, from, worker}, f_{std::move(tap.f)}, tries_{tap.tries}, at_{visit_.at()}, batch_{batch} {
    this->send(worker);
  }

  // ---- the handle's side
  MILLRACE_COLD auto detach() -> bool override {
    if (!this->call_back()) return false;
    visit_.leave();
    return true;
  }
  [[nodiscard]] auto running() const noexcept -> bool override { return errand<Engine, Crew>::running(); }
  [[nodiscard]] auto passed() const noexcept -> sequence override { return visit_.at() - visit_.entry.begun; }

  // ---- the worker's side: see job
  auto work(std::size_t) noexcept -> outcome override {
    if (this->recalled()) [[unlikely]] return over();
    if (!begun_ && !begin()) [[unlikely]] return outcome::over;
    if (!tick()) [[unlikely]] return over();
    bool any = false;
    for (int turn = 0; turn < turns; ++turn) {
      if (visit_.ended(at_)) [[unlikely]] return over();
      if (pauses()) break;
      auto const limit = visit_.limit();
      if (limit <= at_) break;
      any = true;
      told_idle_ = false;
      if (!drive(limit)) [[unlikely]] return over();
    }
    return any ? outcome::busy : outcome::idle;
  }
  MILLRACE_COLD void lull(std::size_t) noexcept override {
    if (!std::exchange(told_idle_, true)) hear<hook::idle>();
  }
  MILLRACE_COLD void lie_down(std::size_t worker) noexcept override { visit_.add_waiter(worker); }
  MILLRACE_COLD auto look_again(std::size_t) noexcept -> prospect override {
    if (this->recalled() || visit_.ended(at_) || (!pauses() && visit_.limit() > at_)) return prospect::some;
    return !pauses() && visit_.under_way(at_) ? prospect::soon : prospect::none;
  }
  MILLRACE_COLD auto due(std::size_t) noexcept -> std::int64_t override { return again_at_ < next_tick_ ? again_at_ : next_tick_; }

 private:
  static constexpr int turns = 16;
  static constexpr std::int64_t never = INT64_MAX;

  MILLRACE_COLD void returns() noexcept override {
    if (this->recalled()) visit_.leave();  // else it counts as one that has not seen all
  }
  /// False: it stops all.
  [[nodiscard]] auto drive(sequence limit) noexcept -> bool {
    auto const n = pace_.most(limit - at_ < batch_ ? limit - at_ : batch_);
    auto const from = at_, to = from + n;
    bool const timed = pace_.timed(n);
    auto const begin = timed ? platform::now() : 0;
    bool ok = look(to, limit);
    auto const done = at_ - from;
    if constexpr (Node::is.retries) {
      if (done != n) pace_.not_done(n - done);
      if (ok && done == 0) return true;
    }
    if (ok) ok = hear<hook::batch_end>();
    if (ok && timed) {
      auto const ns = platform::now() - begin;
      visit_.entry.useful_ns.add(static_cast<std::int64_t>(static_cast<double>(ns) * pace_.took(done, ns)));
    }
    if (ok) visit_.entry.batches.add(1);
    visit_.advance(at_);
    return ok;
  }
  /// The events up to `to`, or to one that is to be tried again. False: one stops all.
  [[nodiscard]] auto look(sequence to, [[maybe_unused]] sequence limit) noexcept -> bool {
    while (at_ != to) {
      try {
        if constexpr (Node::is.form == shape::whole) looks::whole(visit_.slots(), visit_.mask(), at_, to, f_);
        else looks::template each<Node::is.form>(visit_.slots(), visit_.mask(), at_, to, to != limit, f_);
      } catch (...) {
        if (tries_again()) return true;
        if (!forgiven()) return false;
        ++at_;
      }
    }
    return true;
  }

  // ---- called while an exception is handled
  [[nodiscard]] MILLRACE_COLD auto tries_again() noexcept -> bool {
    if constexpr (!Node::is.retries) {
      return false;
    } else {
      if (!tries_.again(at_)) return false;
      if (tries_.pause_ns > 0) again_at_ = platform::now() + tries_.pause_ns;
      return true;
    }
  }
  /// It is counted. False: it stops all.
  [[nodiscard]] MILLRACE_COLD auto forgiven() noexcept -> bool {
    if constexpr (forgives) return visit_.entry.failures.add(1), true;
    else return fail(), false;
  }
  MILLRACE_COLD void fail() noexcept {
    if (std::exchange(failed_, true)) return;
    visit_.engine().fail({.error = std::current_exception(), .at = at_, .guest = Node::name.view()});
  }

  // ---- time
  /// It waits before it tries an event again.
  [[nodiscard]] auto pauses() noexcept -> bool {
    if constexpr (Node::is.retries) {
      if (again_at_ == never) return false;
      if (platform::now() < again_at_) return true;
      again_at_ = never;
    }
    return false;
  }
  auto tick() noexcept -> bool {
    if constexpr (hears_tick<handler>) {
      if (auto const now = platform::now(); now >= next_tick_) {
        auto const p = f_.tick_every();
        next_tick_ += ((now - next_tick_) / p + 1) * p;
        return hear<hook::tick>(now);
      }
    }
    return true;
  }

  // ---- hooks
  MILLRACE_COLD auto begin() noexcept -> bool {
    try {
      millrace::tell<hook::start>(f_);
    } catch (...) {
      return fail(), false;
    }
    if constexpr (hears_tick<handler>) next_tick_ = platform::now() + f_.tick_every();
    return begun_ = true;
  }
  MILLRACE_COLD auto over() noexcept -> outcome {
    hear<hook::stop>();
    return outcome::over;
  }
  /// False: it has thrown, which stops all.
  template <hook H, typename... What>
  auto hear(What... what) noexcept -> bool {
    try {
      if (begun_) millrace::tell<H>(f_, what...);
      return true;
    } catch (...) {
      return forgiven();
    }
  }

  visit_type visit_;
  handler f_;
  // The worker's own.
  [[no_unique_address]] decltype(Node::tries) tries_;
  sequence at_;
  std::int64_t batch_;
  std::int64_t again_at_ = never, next_tick_ = never;
  pace pace_;
  bool begun_ = false, told_idle_ = false, failed_ = false;
};

}  // namespace millrace
