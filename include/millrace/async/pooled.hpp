// SPDX-License-Identifier: MIT
// The state of a future: it comes from its runner's pool, and goes back when both sides are done with it.
#pragma once
#include <cstddef>
#include <new>
#include <utility>

#include <millrace/async/executor.hpp>
#include <millrace/async/waiter.hpp>
#include <millrace/base/cache_line.hpp>
#include <millrace/base/config.hpp>
#include <millrace/sync/settlement.hpp>

namespace millrace {

template <typename R, typename Platform>
class reply_desk;

template <typename R, typename Platform>
class alignas(cache_line_size) pooled : public waiter<R, Platform> {
  using base = waiter<R, Platform>;
  using settled = settlement<Platform>;

 public:
  using desk = reply_desk<R, Platform>;
  using reply_type = typename base::reply_type;
  static constexpr std::size_t most_kept = 64;  // bytes of what then() is given

  settled word;

  void at_home(desk& d) noexcept { desk_ = &d; }
  [[nodiscard]] auto home() const noexcept -> desk& { return *desk_; }
  void begin() noexcept {
    word.begin();
    base::done = &answered;
    base::at = nullptr;
  }
  void clear() noexcept {
    base::out.write().clear();
    post_ = nullptr;
  }
  void free() noexcept { home().give_back(*this); }

  // ---- the future's side
  /// It has been published, and is wanted no more. The state goes back now, or when the answer comes.
  void abandon() noexcept {
    if (word.is_ready() || base::at->withdraw(static_cast<base*>(this))) return free();
    if ((word.add(settled::dropped) & settled::ready) != 0) free();
  }
  /// `f(outcome)` is to be called with it: by whoever answers, or posted by `post(executor, item)`.
  template <typename F>
  void chain(F&& f, void* executor, void (*post)(void*, work&) noexcept) {
    using G = std::decay_t<F>;
    static_assert(sizeof(G) <= most_kept && alignof(G) <= alignof(std::max_align_t), "what then() is given stands in the future's pooled state, and has 64 bytes at most: let it hold a pointer");
    ::new (static_cast<void*>(kept_)) G(std::forward<F>(f));
    executor_ = executor, post_ = post;
    call_ = [](pooled& s) noexcept {
      auto* const g = std::launder(reinterpret_cast<G*>(s.kept_));
      auto how = std::move(s.out.write());
      auto f_of_mine = std::move(*g);
      g->~G();
      s.free();
      f_of_mine(std::move(how));
    };
    if ((word.add(settled::chained) & settled::ready) != 0) go_on();
  }

 private:
  static void answered(base* b) noexcept {
    auto& s = *static_cast<pooled*>(b);
    auto const before = s.word.add(settled::ready);
    if (before == 0) [[likely]] return;  // and it may be gone
    if ((before & settled::dropped) != 0) s.free();
    else if ((before & settled::chained) != 0) s.go_on();
    else s.wake(before);
  }
  // Whoever sleeps may be gone by now; the desk is not, because its runner has not ended while somebody answers.
  MILLRACE_COLD void wake(std::uint32_t before) noexcept;
  void go_on() noexcept {
    if (post_ == nullptr) return call_(*this);
    item_.of = this;
    item_.run = [](work* w) noexcept {
      auto& s = *static_cast<item*>(w)->of;
      s.call_(s);
    };
    post_(executor_, item_);
  }
  struct item : work {
    pooled* of = nullptr;
  };

  desk* desk_ = nullptr;
  void (*call_)(pooled&) noexcept = nullptr;
  void* executor_ = nullptr;
  void (*post_)(void*, work&) noexcept = nullptr;
  item item_;
  alignas(std::max_align_t) unsigned char kept_[most_kept];
};

template <typename R, typename Platform>
MILLRACE_COLD void pooled<R, Platform>::wake(std::uint32_t before) noexcept {
  if ((before & settled::asleep) != 0) word.bed.alert();
  if ((before & settled::watched) != 0) home().any.alert();
}

}  // namespace millrace
