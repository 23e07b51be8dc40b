// SPDX-License-Identifier: MIT
// The handler of a stage that publishes into another runner. It never waits: while there is no room the stage goes on another time, and its
// worker does other things or sleeps; so runners on one crew or on several cannot hold each other up, however many stand in a row.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>

#include <millrace/base/config.hpp>
#include <millrace/base/errors.hpp>
#include <millrace/base/status.hpp>
#include <millrace/run/crossing.hpp>

namespace millrace {

/// `Input` is the handle that a runner's `input()` gives.
template <typename Input>
class sender {
  using landing = decltype(std::declval<Input const&>().place());
  using ring = std::remove_pointer_t<decltype(landing::ring)>;
  using engine = std::remove_pointer_t<decltype(landing::engine)>;
  using platform = typename engine::platform;

 public:
  using event = typename Input::event;

  explicit sender(Input&& in) noexcept : in_{std::move(in)} {}
  sender(sender&&) noexcept = default;

  // ---- by the holder of the stage
  /// Sends values that `next()` gives one after the other: as many of `n` as there is room for, visible together; but one, if copying it may
  /// throw or the other runner's policy looks at each. False: there is no room, now. What that policy refuses or drops has been sent, and
  /// nobody has asked for it.
  /// Throws     runner_closed; what copying into the event throws.
  template <typename Next>
  auto send([[maybe_unused]] std::int64_t n, Next next) -> bool {
    using value = decltype(next());
    constexpr bool assigns = std::is_default_constructible_v<event> && std::is_assignable_v<event&, value>;
    constexpr bool never_throws = assigns ? std::is_nothrow_default_constructible_v<event> && std::is_nothrow_assignable_v<event&, value> : std::is_nothrow_constructible_v<event, value>;
    auto put = [&] {
      if constexpr (assigns) return [&](event& e, auto...) { e = next(); };
      else return [&](auto... k) requires(std::is_same_v<decltype(k), std::size_t> && ...) { return event(next()); };
    }();
    auto const s = [&] {
      if constexpr (never_throws && !ring::waits_beside) return in_.try_publish_up_to(static_cast<std::size_t>(n), put).what;
      else return in_.try_publish(put);
    }();
    if (s == status::ok) [[likely]] return true;
    if (s == status::closed || s == status::refused) throw runner_closed{"millrace: the runner that this stage publishes into takes no more events"};
    return s == status::dropped || never_full;
  }

  // ---- by any worker
  [[nodiscard]] auto has_room() const noexcept -> bool {
    auto const at = in_.place();
    return never_full || at.engine == nullptr || at.ring->producer.would_answer(at.ring->gate);
  }
  /// Sets the worker's bit where room comes from.
  void wait_for_room(std::size_t worker) noexcept {
    auto& gate = in_.place().ring->gate;
    if (crossing_ == nullptr) return gate.add_waiter(worker);  // it is one of the workers there
    crossing_->add(worker);
    gate.add_waiter(sleepers<platform>::others);
  }

  // ---- before it runs
  /// Who will hold the stage: the `size` workers of the crew `home`, who sleep in `beds`.
  MILLRACE_COLD void meet(void const* home, std::shared_ptr<millrace::beds<platform>> const& beds, std::size_t size) {
    auto* const to = in_.place().engine;
    if (to != nullptr && to->home() != home) crossing_ = &to->crossing_from(beds, size);
  }

 private:
  static constexpr bool never_full = decltype(ring::overflow)::answers || ring::waits_beside;

  Input in_;
  crossing<platform>* crossing_ = nullptr;  // if the other runner has another crew; it goes with that runner, which the input keeps
};

}  // namespace millrace
