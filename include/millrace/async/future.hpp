// SPDX-License-Identifier: MIT
// A reply that will be there. Its state comes from a pool that the runner has made beforehand, so nothing is allocated.
#pragma once
#include <cstddef>
#include <cstdint>
#include <thread>  // std::chrono::nanoseconds, at half the price of <chrono>
#include <type_traits>
#include <utility>

#include <millrace/async/desk.hpp>
#include <millrace/async/executor.hpp>
#include <millrace/base/config.hpp>
#include <millrace/base/errors.hpp>
#include <millrace/sync/patience.hpp>

namespace millrace {

/// What will become of an event: exactly one outcome, also if the pipeline is stopped or destroyed. May outlive the runner and its
/// handles. Dropped before the reply is there it is abandoned: the event passes all the same.
///
/// Called by  one thread at a time.
template <typename R, typename Platform = std_platform>
class [[nodiscard]] future {
  using state_type = pooled<R, Platform>;
  using settled = settlement<Platform>;

 public:
  using result = R;
  using reply_type = reply<R>;

  future() noexcept = default;
  explicit future(state_type& state) noexcept : state_{&state} {}
  explicit future(status why_not) noexcept : why_{why_not} {}
  future(future&& other) noexcept : state_{std::exchange(other.state_, nullptr)}, why_{std::exchange(other.why_, status::ok)} {}
  auto operator=(future&& other) noexcept -> future& {
    std::swap(state_, other.state_), std::swap(why_, other.why_);
    return *this;
  }
  ~future() { abandon(); }

  /// There is an outcome to come, or one that has not been taken.
  [[nodiscard]] auto valid() const noexcept -> bool { return state_ != nullptr || why_ != status::ok; }
  /// It was not published, and take() says why.
  [[nodiscard]] auto was_refused() const noexcept -> bool { return state_ == nullptr && why_ != status::ok; }
  /// get() will not wait.
  [[nodiscard]] MILLRACE_INLINE auto ready() const noexcept -> bool { return state_ == nullptr || state_->word.is_ready(); }

  /// Waits as the runner's wait policy says.
  /// Throws     bad_call on a worker of the crew that is to answer, if the reply is not there yet: it would wait for itself.
  void wait() { static_cast<void>(wait_until_time(for_ever)); }
  /// No longer than `d`; says whether the reply is there.
  [[nodiscard]] auto wait_for(std::chrono::nanoseconds d) -> bool {
    auto const now = Platform::now();
    return wait_until_time(d.count() > for_ever - now ? for_ever : now + d.count());
  }
  /// What became of it, when it is there. The future is then empty.
  /// Throws     as wait().
  [[nodiscard]] auto take() -> reply_type {
    wait();
    auto* const state = std::exchange(state_, nullptr);
    auto const why = std::exchange(why_, status::ok);
    if (state == nullptr) return why == status::ok ? reply_type{} : reply_type::refused(why);
    auto how = std::move(state->out.write());
    state->free();
    return how;
  }
  /// The value, when it is there.
  /// Throws     what a handler threw; no_reply if the event was filtered, stopped or refused; as wait().
  [[nodiscard]] auto get() -> R { return take().value(); }

  /// `f(reply<R>)` is called once, with what became of it; here and now if that is known already, else by the worker that answers, in
  /// the middle of its batch: as a handler it must not wait, and it must not throw. The future is then empty. `f` has 64 bytes at most.
  template <typename F>
  void then(F&& f) {
    if (state_ == nullptr) return call_now(f);
    std::exchange(state_, nullptr)->chain(std::forward<F>(f), nullptr, nullptr);
  }
  /// The same by an executor, which must outlive the runner; here and now only if the event was refused.
  template <typename F, executor Executor>
  void then(F&& f, Executor& by) {
    if (state_ == nullptr) return call_now(f);  // refused: there is no state to post
    std::exchange(state_, nullptr)->chain(std::forward<F>(f), &by, [](void* e, work& w) noexcept { static_cast<Executor*>(e)->post(w); });
  }
  /// The reply is not wanted. The destructor does it too.
  void abandon() noexcept {
    why_ = status::ok;
    if (auto* const state = std::exchange(state_, nullptr)) state->abandon();
  }

  /// For those who wait for several: see when_any.
  [[nodiscard]] auto state() const noexcept -> state_type* { return state_; }

 private:
  template <typename F>
  void call_now(F& f) {
    auto const why = std::exchange(why_, status::ok);
    f(why == status::ok ? reply_type{} : reply_type::refused(why));
  }
  [[nodiscard]] auto wait_until_time(std::int64_t until) -> bool { return ready() || wait_slowly(until); }
  [[nodiscard, gnu::noinline]] auto wait_slowly(std::int64_t until) -> bool {
    auto& desk = state_->home();
    if (desk.is_here()) throw bad_call{"millrace: a worker that waits for a reply of its own crew would wait for itself; use then(), or a coroutine"};
    patience<Platform> look{desk.waits()};
    return millrace::wait_until<Platform>(
        look, state_->word.bed, until, [this] { return state_->word.is_ready(); }, [this] { static_cast<void>(state_->word.add(settled::asleep)); });
  }

  state_type* state_ = nullptr;
  status why_ = status::ok;
};

}  // namespace millrace
