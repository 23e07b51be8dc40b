// SPDX-License-Identifier: MIT
// Workers that look now and then whether a stage stands still, and call who wants to know.
#pragma once
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <type_traits>
#include <utility>
#include <vector>

#include <millrace/base/config.hpp>
#include <millrace/base/owned.hpp>
#include <millrace/plan/plan.hpp>
#include <millrace/run/attached.hpp>
#include <millrace/run/watchdog.hpp>
#include <millrace/sync/notice.hpp>
#include <millrace/sync/tally.hpp>

namespace millrace {

/// Errands on several workers, because one of them may be what hangs; whichever comes first when a look is due does it. See runner::on_stall().
template <typename Engine, typename Crew, typename F>
class lookout final : public tap_control {
  static_assert(std::is_invocable_v<F&, stall const&>, "what run.on_stall calls takes mr::stall const&; change its parameter");
  using platform = typename Engine::platform;

  class post final : public errand<Engine, Crew> {
   public:
    MILLRACE_COLD post(lookout& of, std::shared_ptr<Crew> on, std::size_t worker) : errand<Engine, Crew>{*of.engine_, std::move(on)}, of_{of}, worker_{worker} {}
    MILLRACE_COLD void begin() { this->send(worker_); }

    auto work(std::size_t) noexcept -> outcome override {
      if (this->recalled()) [[unlikely]] return outcome::over;
      bool const last = of_.ended();
      if (last || platform::now() >= of_.next_.read()) of_.look(last);
      return last ? outcome::over : outcome::idle;
    }
    MILLRACE_COLD void lull(std::size_t) noexcept override {}
    MILLRACE_COLD void lie_down(std::size_t) noexcept override {}
    MILLRACE_COLD auto look_again(std::size_t) noexcept -> prospect override { return this->recalled() || of_.ended() ? prospect::some : prospect::none; }
    MILLRACE_COLD auto due(std::size_t) noexcept -> std::int64_t override { return of_.next_.read(); }

   private:
    lookout& of_;
    std::size_t worker_;
  };

 public:
  MILLRACE_COLD lookout(std::shared_ptr<Engine> const& to, std::shared_ptr<Crew> const& on, F&& f, std::chrono::nanoseconds d, plan const& p)
      : engine_{to}, dog_{to}, f_{std::move(f)}, stands_for_{d}, period_{d.count() / looks_in_time > shortest ? d.count() / looks_in_time : shortest}, next_{platform::now() + period_} {
    bool spare = false;
    for (std::size_t w = 0; w < on->size(); ++w)
      if (p.employs(w) || !std::exchange(spare, true)) posts_.push_back(owned<post>{new post{*this, on, w}});
    try {
      for (auto const& at : posts_) at->begin();
    } catch (...) {
      static_cast<void>(detach());
      throw;
    }
  }

  MILLRACE_COLD auto detach() -> bool override {
    bool all = true;
    for (auto const& p : posts_) all = p->call_back() && all;
    return all;
  }
  [[nodiscard]] auto running() const noexcept -> bool override {
    for (auto const& p : posts_)
      if (p->running()) return true;
    return false;
  }
  [[nodiscard]] auto passed() const noexcept -> sequence override { return told_.read(); }

 private:
  static constexpr std::int64_t looks_in_time = 4;    // of `d`: a stall is told when it has lasted a quarter longer, at most
  static constexpr std::int64_t shortest = 100'000;  // ns

  /// Nothing is left to watch: all is over, or stopped and no worker is in a stage.
  [[nodiscard]] MILLRACE_COLD auto ended() const noexcept -> bool {
    auto const now = engine_->course().now();
    if (now != life::stopping) return now == life::over;
    bool held = false;
    engine_->each_strand([&](auto& strand) {
      for (auto const& stage : strand.ring().stage) held = held || stage.held() != 0;
    });
    return !held;
  }
  [[nodiscard]] static auto among(std::vector<stall> const& all, stall const& s) noexcept -> bool {
    for (auto const& x : all)
      if (x.stage == s.stage && x.at == s.at) return true;
    return false;
  }
  MILLRACE_COLD void look(bool last) noexcept {
    std::unique_lock const g{mutex_, std::try_to_lock};
    if (!g.owns_lock() || failed_) return;
    auto const now = platform::now();
    if (!last && now < next_.read()) return;  // somebody else was first
    next_.put_up(now + period_);
    sequence at = 0;
    auto const tell = [&](stall const& s) { at = s.at, f_(s); };
    try {
      auto const found = dog_.look(stands_for_);
      auto const before = std::exchange(standing_, found);
      for (auto s : before)
        if (!among(found, s)) s.over = true, tell(s);
      for (auto const& s : found)
        if (!among(before, s)) told_.add(1), tell(s);
    } catch (...) {
      failed_ = true;
      engine_->fail({.error = std::current_exception(), .at = at, .guest = "on_stall"});
    }
  }

  std::shared_ptr<Engine> engine_;
  typename platform::mutex mutex_;
  // Under the mutex:
  millrace::watchdog<Engine> dog_;
  F f_;
  std::vector<stall> standing_;  // told, as they were seen last
  bool failed_ = false;
  std::chrono::nanoseconds stands_for_;
  std::int64_t period_;
  notice<platform> next_;  // when a look is due
  tally<platform> told_;
  std::vector<owned<post>> posts_;
};

}  // namespace millrace
