// SPDX-License-Identifier: MIT
// Replies as standard senders (P2300): what waits is the operation's state, so nothing is allocated. Not part of millrace.hpp; empty
// where stdexec is not found.
#pragma once
#if __has_include(<stdexec/execution.hpp>)
#include <cstdint>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

#include <stdexec/execution.hpp>

#include <millrace/async/filling.hpp>
#include <millrace/async/reply.hpp>
#include <millrace/async/replying_input.hpp>
#include <millrace/async/waiter.hpp>
#include <millrace/base/status.hpp>
#include <millrace/sync/handshake.hpp>

namespace millrace {

template <typename Input, typename Fill, typename Receiver>
class reply_operation : waiter<typename Input::result, typename Input::platform> {
  using result = typename Input::result;
  using base = waiter<result, typename Input::platform>;
  using hands_type = handshake<typename Input::platform>;
  using token_type = ::stdexec::stop_token_of_t<::stdexec::env_of_t<Receiver>>;
  static constexpr bool stoppable = !::stdexec::unstoppable_token<token_type>;
  struct call_off {
    reply_operation* who;
    void operator()() const noexcept {
      if (who->hands_.ask() && who->base::at->call_off(static_cast<base*>(who))) who->complete(reply<result>::stopped());
    }
  };
  using callback = ::stdexec::stop_callback_for_t<token_type, call_off>;

 public:
  using operation_state_concept = ::stdexec::operation_state_t;

  reply_operation(Input& in, Fill fill, Receiver receiver) : in_{in}, fill_(std::move(fill)), receiver_(std::move(receiver)) { base::done = &answered; }
  reply_operation(reply_operation const&) = delete;
  auto operator=(reply_operation const&) -> reply_operation& = delete;

  void start() & noexcept {
    if constexpr (stoppable) {
      auto token = ::stdexec::get_stop_token(::stdexec::get_env(receiver_));
      if (token.stop_requested()) return ::stdexec::set_stopped(std::move(receiver_));
      callback_.emplace(std::move(token), call_off{this});
    }
    auto how = status::closed;
    try {
      Input in{in_};  // whoever is told may let go of the handle, and of this, before the publish returns
      how = in.publish_for_reply(*this, fill_, INT64_MIN);
    } catch (...) {
      return complete(reply<result>::failed(std::current_exception()));
    }
    if (how != status::ok) return complete(reply<result>::refused(how));
    if constexpr (stoppable) {
      switch (hands_.let_go()) {  // it is not completed before
        case hands_type::found::finished: return complete(std::move(base::out.write()));
        case hands_type::found::asked:
          if (base::at->call_off(static_cast<base*>(this))) complete(reply<result>::stopped());
          return;
        default: return;
      }
    }
  }

 private:
  static void answered(base* b) noexcept {
    auto& s = *static_cast<reply_operation*>(b);
    if constexpr (stoppable)
      if (!s.hands_.finish()) return;
    s.complete(std::move(s.base::out.write()));
  }
  void complete(reply<result>&& got) noexcept {
    auto how = std::move(got);  // its place goes with this
    if constexpr (stoppable) callback_.reset();
    if (how.has_value()) ::stdexec::set_value(std::move(receiver_), std::move(*how));
    else if (how.how() == ending::stopped) ::stdexec::set_stopped(std::move(receiver_));
    else ::stdexec::set_error(std::move(receiver_), how.as_error());
  }

  Input& in_;
  Fill fill_;
  Receiver receiver_;
  hands_type hands_;
  std::optional<callback> callback_;
};

template <typename Input, typename Fill>
struct reply_sender {
  using sender_concept = ::stdexec::sender_t;
  using completion_signatures = ::stdexec::completion_signatures<::stdexec::set_value_t(typename Input::result), ::stdexec::set_error_t(std::exception_ptr), ::stdexec::set_stopped_t()>;

  Input* in;
  Fill fill;

  template <typename Receiver>
  auto connect(Receiver receiver) && -> reply_operation<Input, Fill, Receiver> { return {*in, std::move(fill), std::move(receiver)}; }
  template <typename Receiver>
    requires std::is_copy_constructible_v<Fill>
  auto connect(Receiver receiver) const& -> reply_operation<Input, Fill, Receiver> { return {*in, fill, std::move(receiver)}; }
};
/// A sender that publishes when it is started, and once for each time it is connected. `what` is what in.submit() takes.
/// Completes with the value; with an exception_ptr if a handler threw, a filter said no, or it was not published (no_reply, as
/// future::get() throws it); stopped, if the pipeline ended or the receiver asked for it: that passes over what has not begun, and
/// publishes nothing if it comes before the start.
///
/// Called by  anybody; `in` must outlive what is started. Completes on the worker that answers, which must not wait: go on elsewhere by
///            continues_on. What is refused, or was asked to stop, completes where that happens.
/// Waits      never: without room it is an error, no_reply with `would_block`.
/// Throws     in start() nothing: what `what` throws is an error too.
/// Costs      a publish, and a copy of the handle (two read-modify-writes of its count); no allocation.
template <typename Input, typename What>
auto as_sender(Input& in, What what) {
  static_assert(is_shared<typename Input::plain>, "an operation may be started by any thread, so its producers are shared: write mr::from<Event>(mr::many_producers, mr::replies)");
  auto fill = millrace::fill_that_keeps<typename Input::event>(std::move(what));
  return reply_sender<Input, decltype(fill)>{&in, std::move(fill)};
}

}  // namespace millrace
#endif
