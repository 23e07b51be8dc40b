// SPDX-License-Identifier: MIT
// The producer's end of a pipeline whose events are replied to: all ways to publish, and those that give back what flows out.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <thread>  // std::chrono::nanoseconds, at half the price of <chrono>
#include <type_traits>
#include <utility>

#include <millrace/async/desk.hpp>
#include <millrace/async/coroutine.hpp>
#include <millrace/async/filling.hpp>
#include <millrace/async/future.hpp>
#include <millrace/base/config.hpp>
#include <millrace/base/status.hpp>
#include <millrace/run/shared_input.hpp>
#include <millrace/sync/patience.hpp>
#include <millrace/sync/waiters.hpp>

namespace millrace {

/// Not copied from one that was moved away.
template <typename Desk>
class desk_link {
 public:
  explicit desk_link(Desk* to) noexcept : to_{to} {}
  desk_link(desk_link const&) noexcept = default;
  desk_link(desk_link&& other) noexcept : to_{std::exchange(other.to_, nullptr)} {}
  auto operator=(desk_link other) noexcept -> desk_link& { return std::swap(to_, other.to_), *this; }
  ~desk_link() = default;
  [[nodiscard]] auto get() const noexcept -> Desk* { return to_; }

 private:
  Desk* to_;
};

template <typename Input>
inline constexpr bool is_shared = false;
template <typename Engine, typename Ring, typename Platform>
inline constexpr bool is_shared<shared_input<Engine, Ring, Platform>> = true;

/// `Input` is the handle that the pipeline would have else.
template <typename Input, typename Desk>
class replying_input : public Input {
 public:
  using plain = Input;
  using event = typename Input::event;
  using result = typename Desk::result;
  using desk_type = Desk;
  using platform = typename Desk::platform;
  using future_type = future<result, platform>;

  /// Publishes an event, and gives a future of what flows out of the last stage for it. `what` is the event, or what publish() takes.
  /// Never fails: a future says also that there was no room, that the ring is closed, or that all states of futures are in use.
  ///
  /// Waits      as publish(), for room; never for the reply.
  /// Throws     what `fill` throws: then nothing was published.
  /// Costs      a publish, a state from the pool and back (two read-modify-writes of one word), no allocation.
  template <typename What = event>
  [[nodiscard]] auto submit(What&& what) -> future_type { return send(millrace::filling_with<event>(what), for_ever); }
  /// Never waits.
  template <typename What = event>
  [[nodiscard]] auto try_submit(What&& what) -> future_type { return send(millrace::filling_with<event>(what), Input::at_once); }
  /// Waits no longer than `d`.
  template <typename What = event>
  [[nodiscard]] auto submit_for(std::chrono::nanoseconds d, What&& what) -> future_type {
    auto const now = platform::now();
    return send(millrace::filling_with<event>(what), d.count() <= 0 ? Input::at_once : d.count() > for_ever - now ? for_ever : now + d.count());
  }

  // ---- for those who wait in another way
  /// `w` is answered exactly once, perhaps before this returns: then it is not to be touched. Anything but `ok`: it never is.
  template <typename Fill>
  auto publish_for_reply(waiter<result, platform>& w, Fill&& fill, std::int64_t until) -> status {
    if (desk_.get() == nullptr) return status::closed;
    auto* const address = &w;
    reply_token<platform>* token = nullptr;
    auto const how = Input::one(fill, until, [&](std::size_t slot) MILLRACE_INLINE_LAMBDA {
      token = &desk_.get()->token(slot);
      address->at = token;
      token->put(address);
    });
    // Too late for the end: either it is taken back, or whoever ends has found it, and answers.
    return how == status::ok || token == nullptr || token->withdraw(address) ? how : status::ok;
  }
  /// There may be room for an event; or there never will be.
  [[nodiscard]] auto may_publish() const noexcept -> bool { return Input::closed() || Input::ring_->producer.has_room(Input::ring_->gate); }
  /// `w` is run once when may_publish() has become true, by whoever made it so; perhaps before this returns.
  void run_when_there_is_room(work& w) {
    if (Input::closed()) return w.run(&w);
    auto const keep = Input::to_;  // whoever is resumed may let go of this handle
    auto& ring = *Input::ring_;
    ring.desk->room().add(w);
    ring.gate.add_waiter(sleepers<platform>::others);
    platform::heavy_barrier();  // pairs with the look at the mask that follows every advance
    if (ring.producer.closed() || ring.producer.has_room(ring.gate)) ring.desk->room().wake();
  }
  auto forget_room(work& w) noexcept -> bool { return Input::ring_->desk->room().remove(w); }

  // ---- coroutines
  /// The same handle for coroutines that `by` resumes: `co_await in.on(loop).async(fill)`. mr::the_worker: the worker that answers, there
  /// and then. `by` must outlive the runner.
  template <executor Executor>
  [[nodiscard]] auto on(Executor& by) noexcept {
    static_assert(is_shared<Input>, "coroutines come back on other threads, so their producers are shared: write mr::from<Event>(mr::many_producers, mr::replies)");
    if constexpr (is_shared<Input>) return resuming<replying_input, Executor>{*this, by};
    else return resuming_nobody<result>{};
  }
  template <typename... Anything>
  auto async(Anything&&...) {
    static_assert(sizeof...(Anything) == SIZE_MAX, "say who resumes the coroutine: co_await in.on(loop).async(fill), or in.on(mr::the_worker) for the worker that answers");
    return typename resuming_nobody<result>::never{};
  }

 private:
  template <typename Pipeline, typename P>
  friend class runner;
  template <typename Engine, typename Ring>
  MILLRACE_INLINE replying_input(std::shared_ptr<Engine> const& to, Ring& ring) : Input{to, ring}, desk_{ring.desk.get()} {}

  template <typename Fill>
  auto send(Fill fill, std::int64_t until) -> future_type {
    if (desk_.get() == nullptr) return future_type{status::closed};
    auto* const state = desk_.get()->borrow();
    if (state == nullptr) return future_type{Input::closed() ? status::closed : status::refused};
    lent mine{state};
    auto const how = publish_for_reply(*state, fill, until);
    if (how != status::ok) return future_type{how};
    mine.state = nullptr;
    return future_type{*state};
  }
  /// Goes back if the event was not published.
  struct lent {
    typename Desk::state_type* state;
    explicit lent(typename Desk::state_type* s) noexcept : state{s} {}
    lent(lent const&) = delete;
    auto operator=(lent const&) -> lent& = delete;
    ~lent() {
      if (state != nullptr) state->free();
    }
  };

  desk_link<Desk> desk_;
};

}  // namespace millrace
