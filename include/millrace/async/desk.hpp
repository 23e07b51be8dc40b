// SPDX-License-Identifier: MIT
// Where the replies of one runner are given: a token for each slot, the states of its futures, and who waits for room. It lives as long
// as the runner, its handles, and every future of it that is still in somebody's hands.
#pragma once
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <type_traits>

#include <millrace/async/pooled.hpp>
#include <millrace/async/room.hpp>
#include <millrace/async/waiter.hpp>
#include <millrace/base/capacity.hpp>
#include <millrace/base/config.hpp>
#include <millrace/base/owned.hpp>
#include <millrace/base/sequence.hpp>
#include <millrace/sync/free_list.hpp>
#include <millrace/sync/wait_policy.hpp>

namespace millrace {

/// How many futures a runner has at a time: see mr::replies.
struct pool_size {
  std::size_t states = 0;  // 0: as many as slots
  [[nodiscard]] auto among(capacity slots) const noexcept -> std::size_t { return states != 0 ? states : static_cast<std::size_t>(slots.slots()); }
};

template <typename Input, typename Desk>
class replying_input;

template <typename R, typename Platform>
class reply_desk {
 public:
  template <typename Plain>
  using input = replying_input<Plain, reply_desk>;
  using result = R;
  using platform = Platform;
  using waiter_type = waiter<R, Platform>;
  using reply_type = reply<R>;
  using state_type = pooled<R, Platform>;
  struct owner {
    void operator()(reply_desk* desk) const noexcept { desk->leave(); }
  };
  using held = owned<reply_desk, owner>;

  /// `home` is the crew that answers, see Platform::current().
  /// Throws     std::bad_alloc.
  static auto make(capacity slots, pool_size size, wait_policy const& wait) -> held { return held{new reply_desk{slots, size.among(slots), wait}}; }
  reply_desk(reply_desk const&) = delete;
  auto operator=(reply_desk const&) -> reply_desk& = delete;

  [[nodiscard]] MILLRACE_INLINE auto token(std::size_t slot) noexcept -> reply_token<Platform>& { return tokens_[slot]; }
  [[nodiscard]] auto tokens() noexcept -> reply_token<Platform>* { return tokens_.get(); }
  [[nodiscard]] auto mask() const noexcept -> sequence { return static_cast<sequence>(slots_) - 1; }
  [[nodiscard]] auto waits() const noexcept -> wait_policy const& { return wait_; }
  [[nodiscard]] auto room() noexcept -> room_list<Platform>& { return room_; }

  /// Before anything runs.
  void belongs_to(void const* crew) noexcept { home_ = crew; }
  /// The calling thread is one of those who answer: it must not wait.
  [[nodiscard]] auto is_here() const noexcept -> bool { return home_ != nullptr && Platform::current() == home_; }

  // ---- answers
  /// Of an event whose handler has thrown, which stops all.
  /// Called by  the worker that stands there.
  MILLRACE_COLD void fail(std::size_t slot, std::exception_ptr error) noexcept {
    if (auto* const who = tokens_[slot].take_surely()) static_cast<waiter_type*>(who)->answer(reply_type::failed(std::move(error)));
  }
  /// Nothing will pass any more: whoever waits hears that it was stopped.
  /// Called by  the worker that closes the last stage, and again whoever destroys the runner; when nothing can be published any more.
  MILLRACE_COLD void sweep() noexcept {
    for (std::size_t i = 0; i < slots_; ++i)
      if (auto* const who = tokens_[i].take_surely()) static_cast<waiter_type*>(who)->answer(reply_type::stopped());
  }

  // ---- states of futures
  /// Null: all are in use.
  [[nodiscard]] auto borrow() noexcept -> state_type* {
    auto const i = free_.pop();
    if (i == free_list<Platform>::none) return nullptr;
    states_[i].begin();
    return &states_[i];
  }
  void give_back(state_type& state) noexcept {
    state.clear();
    if (free_.push(static_cast<std::size_t>(&state - states_.get()))) [[unlikely]] delete this;
  }
  /// Where somebody sleeps who waits for the first of several.
  event_count<Platform> any;

 private:
  reply_desk(capacity slots, std::size_t states, wait_policy const& wait)
      : slots_{static_cast<std::size_t>(slots.slots())}, tokens_{new reply_token<Platform>[slots_]}, free_{states}, states_{new state_type[states]}, wait_{wait} {
    for (std::size_t i = 0; i < states; ++i) states_[i].at_home(*this);
  }
  ~reply_desk() = default;
  /// The owner goes; what is lent out keeps it until it comes back.
  void leave() noexcept {
    if (free_.close()) delete this;
  }

  std::size_t slots_;
  owned<reply_token<Platform>[]> tokens_;
  free_list<Platform> free_;
  owned<state_type[]> states_;
  wait_policy wait_;
  void const* home_ = nullptr;
  room_list<Platform> room_;
};

}  // namespace millrace
