// SPDX-License-Identifier: MIT
// Replies for coroutines. All that is needed stands in the coroutine's frame and in the slot's token: nothing is allocated. Who
// resumes is named: an executor, or the worker that answers.
#pragma once
#include <coroutine>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <stop_token>
#include <type_traits>
#include <utility>

#include <millrace/async/executor.hpp>
#include <millrace/async/filling.hpp>
#include <millrace/async/reply.hpp>
#include <millrace/async/waiter.hpp>
#include <millrace/base/config.hpp>
#include <millrace/base/status.hpp>
#include <millrace/sync/handshake.hpp>
#include <millrace/sync/sole_use.hpp>

namespace millrace {

/// `item` was posted to `by`, or will be at any moment: it does not run.
/// Called by  the executor's thread, or whoever has the executor when nobody runs it.
/// Waits      until it is posted, which may take as long as the worker that posts it is not running.
template <typename Platform, typename Executor>
MILLRACE_COLD void take_back(Executor& by, work& item) noexcept {
  if constexpr (std::is_same_v<std::remove_cv_t<Executor>, on_the_worker>) {
    std::fputs("millrace: a coroutine was destroyed while the worker that it asked for resumes it\n", stderr);
    std::abort();
  } else {
    while (by.take_back(item) == work::idle) Platform::yield();
  }
}

/// What an awaiter keeps to be called off by a token. Without one (`Token` is no_token), nothing.
struct no_token {};
template <typename Token, typename Platform, typename F>
struct called_off_by {
  explicit called_off_by(Token) noexcept {}
};
#ifdef __cpp_lib_jthread  // libc++ 19 has stop tokens with -fexperimental-library only
template <typename Platform, typename F>
struct called_off_by<std::stop_token, Platform, F> {
  std::stop_token token;
  handshake<Platform> hands;
  std::optional<std::stop_callback<F>> callback;
  explicit called_off_by(std::stop_token t) noexcept : token{std::move(t)} {}
};
#endif

/// What `co_await in.on(by).async(fill)` waits in. In this order: who answers touches the waiter and what follows it up to `by_`, and the
/// executor's thread fetches what stands behind the work.
template <typename Input, typename Executor, typename Fill, typename Token>
class [[nodiscard]] reply_awaiter : work, waiter<typename Input::result, typename Input::platform> {
  using result = typename Input::result;
  using platform = typename Input::platform;
  using base = waiter<result, platform>;
  struct call_off {
    reply_awaiter* who;
    void operator()() const noexcept { who->asked_to_stop(); }
  };
  static constexpr bool stoppable = !std::is_same_v<Token, no_token>;

 public:
  reply_awaiter(Input& in, Executor& by, Fill&& fill, Token token) : by_{by}, stop_{std::move(token)}, in_{in}, fill_(std::forward<Fill>(fill)) {
    base::done = &answered;
    work::run = &resumed;
  }
  reply_awaiter(reply_awaiter const&) = delete;
  auto operator=(reply_awaiter const&) -> reply_awaiter& = delete;
  /// Of a suspended coroutine, where it could be resumed: the event passes all the same, unless nothing of it has been done yet.
  ~reply_awaiter() {
    if constexpr (stoppable) stop_.callback.reset();
    if (waits_ && !base::at->withdraw(static_cast<base*>(this))) take_back<platform>(by_, *this);
  }

  auto await_ready() noexcept -> bool {
    if constexpr (stoppable)
      if (stop_.token.stop_requested()) return base::out.write() = reply<result>::stopped(), true;
    return false;
  }
  auto await_suspend(std::coroutine_handle<> me) -> bool {
    me_ = me;
    return start(*this);
  }
  auto await_resume() -> reply<result> {
    if constexpr (stoppable) stop_.callback.reset();
    return std::move(base::out.write());
  }

 private:
  // From the publish on the frame may be gone: what comes then stands on this function's stack. False: it need not wait.
  [[gnu::noinline]] static auto start(reply_awaiter& s) -> bool {
    s.waits_ = true;
    if constexpr (stoppable) s.stop_.callback.emplace(s.stop_.token, call_off{&s});
    auto const how = [&] {
      undo const if_it_throws{s};
      if constexpr (sole_use<platform>::looks) {  // it looks at the handle when it has published
        Input in{s.in_};
        return in.publish_for_reply(s, s.fill_, INT64_MIN);
      } else {
        return s.in_.publish_for_reply(s, s.fill_, INT64_MIN);
      }
    }();
    if (how != status::ok) return s.goes_on(reply<result>::refused(how));
    if constexpr (stoppable) {  // not resumed before this lets go
      switch (s.stop_.hands.let_go()) {
        case handshake<platform>::found::finished: return s.waits_ = false;
        case handshake<platform>::found::asked: return !s.base::at->call_off(static_cast<base*>(&s)) || s.goes_on(reply<result>::stopped());
        default: break;
      }
    }
    return true;
  }
  struct undo {
    reply_awaiter& of;
    int before = std::uncaught_exceptions();
    explicit undo(reply_awaiter& s) noexcept : of{s} {}
    undo(undo const&) = delete;
    auto operator=(undo const&) -> undo& = delete;
    ~undo() {
      if (std::uncaught_exceptions() > before) of.waits_ = false;  // nothing was published
    }
  };
  auto goes_on(reply<result>&& how) noexcept -> bool {
    base::out.write() = std::move(how);
    return waits_ = false;
  }
  static void answered(base* b) noexcept {
    auto& s = *static_cast<reply_awaiter*>(b);
    if constexpr (stoppable)
      if (!s.stop_.hands.finish()) return;
    s.by_.post(s);
  }
  void asked_to_stop() noexcept {
    if constexpr (stoppable) {
      if (!stop_.hands.ask() || !base::at->call_off(static_cast<base*>(this))) return;
      base::out.write() = reply<result>::stopped();
      by_.post(*this);
    }
  }
  static void resumed(work* w) noexcept {
    auto& s = *static_cast<reply_awaiter*>(w);
    s.waits_ = false;
    s.me_.resume();
  }

  Executor& by_;
  [[no_unique_address]] called_off_by<Token, platform, call_off> stop_;
  Input& in_;
  Fill fill_;
  std::coroutine_handle<> me_;
  bool waits_ = false;
};

/// What `co_await in.on(by).room()` waits in.
template <typename Input, typename Executor>
class [[nodiscard]] room_awaiter {
 public:
  room_awaiter(Input& in, Executor& by) noexcept : in_{in}, by_{by} {
    there_is_.run = [](work* w) noexcept {
      auto& s = *static_cast<item*>(w)->of;
      s.by_.post(s.resumes_);
    };
    resumes_.run = [](work* w) noexcept {
      auto& s = *static_cast<item*>(w)->of;
      s.waits_ = false;
      s.me_.resume();
    };
  }
  room_awaiter(room_awaiter const&) = delete;
  auto operator=(room_awaiter const&) -> room_awaiter& = delete;
  ~room_awaiter() {
    if (waits_ && !in_.forget_room(there_is_)) take_back<typename Input::platform>(by_, resumes_);
  }

  [[nodiscard]] auto await_ready() const noexcept -> bool { return in_.may_publish(); }
  void await_suspend(std::coroutine_handle<> me) {
    me_ = me;
    start(*this);
  }
  [[nodiscard]] auto await_resume() const noexcept -> bool { return !in_.closed(); }

 private:
  struct item : work {
    room_awaiter* of;
    explicit item(room_awaiter* s) noexcept : of{s} {}
  };
  [[gnu::noinline]] static void start(room_awaiter& s) {
    s.waits_ = true;
    s.in_.run_when_there_is_room(s.there_is_);
  }

  Input& in_;
  Executor& by_;
  item there_is_{this}, resumes_{this};  // one for each list
  std::coroutine_handle<> me_;
  bool waits_ = false;
};

/// What a mistake has become: it has been said.
template <typename Result>
struct resuming_nobody {
  struct never {
    auto await_ready() const noexcept -> bool { return true; }
    void await_suspend(std::coroutine_handle<>) const noexcept {}
    auto await_resume() const -> reply<Result> { return {}; }
  };
  template <typename... Anything>
  auto async(Anything&&...) -> never { return {}; }
  auto room() -> never { return {}; }
};

/// A producer's handle and who resumes. Lives no longer than both.
template <typename Input, typename Executor>
class resuming {
 public:
  using event = typename Input::event;

  /// `co_await` gives a reply<R>: what became of the event. `fill` is what publish takes, `void(event&)` or `event()`, or the event
  /// itself. Never blocks: if there is no room it was refused with `would_block`, see room().
  /// With gcc 12 name an event that is an aggregate before, or write a fill: a temporary in a co_await is destroyed twice.
  ///
  /// Throws     what `fill` throws: then nothing was published.
  /// Costs      a publish; the awaiter stands in the coroutine's frame.
  template <typename What = event>
  [[nodiscard]] auto async(What&& what) {
    return awaiter<std::decay_t<What>>(std::forward<What>(what), no_token{});
  }
#ifdef __cpp_lib_jthread
  /// The same, and a request to stop ends the waiting. If the event has not begun it is passed over.
  template <typename What = event>
  [[nodiscard]] auto async(What&& what, std::stop_token token) {
    return awaiter<std::decay_t<What>>(std::forward<What>(what), std::move(token));
  }
#endif
  /// `co_await` returns when there has been room, or false if the ring is closed. Nothing is reserved: try, and if it was in vain
  /// wait again.
  [[nodiscard]] auto room() noexcept -> room_awaiter<Input, Executor> { return {in_, by_}; }

  resuming(Input& in, Executor& by) noexcept : in_{in}, by_{by} {}

 private:
  template <typename What, typename Token>
  auto awaiter(What what, Token token) {
    auto fill = millrace::fill_that_keeps<event>(std::move(what));
    return reply_awaiter<Input, Executor, decltype(fill), Token>{in_, by_, std::move(fill), std::move(token)};
  }

  Input& in_;
  Executor& by_;
};

}  // namespace millrace
