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

#include <millrace/async/reply.hpp>
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
    callback_.emplace(::stdexec::get_stop_token(::stdexec::get_env(receiver_)), call_off{this});
    auto how = status::closed;
    try {
      Input in{in_};  // whoever is told may let go of the handle before the publish returns
      how = in.publish_for_reply(*this, fill_, INT64_MIN);
    } catch (...) {
      return complete(reply<result>::failed(std::current_exception()));
    }
    if (how != status::ok) return complete(reply<result>::refused(how));
    switch (hands_.let_go()) {  // it is not completed before
      case hands_type::found::finished: return complete(std::move(base::out.write()));
      case hands_type::found::asked:
        if (base::at->call_off(static_cast<base*>(this))) complete(reply<result>::stopped());
        return;
      default: return;
    }
  }

 private:
  static void answered(base* b) noexcept {
    auto& s = *static_cast<reply_operation*>(b);
    if (s.hands_.finish()) s.complete(std::move(s.base::out.write()));
  }
  void complete(reply<result>&& got) noexcept {
    auto how = std::move(got);  // its place goes with this
    callback_.reset();
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
  auto connect(Receiver receiver) const -> reply_operation<Input, Fill, Receiver> { return {*in, fill, std::move(receiver)}; }
};
/// A sender that publishes when it is started: `fill` is what try_submit() takes. Completes on the worker that answers, with the value;
/// with an exception_ptr if a handler threw, a filter said no, or there was no room; stopped, if the pipeline ended or it was asked to.
/// `in` has many producers, and must outlive what is connected.
template <typename Input, typename Fill>
auto as_sender(Input& in, Fill fill) -> reply_sender<Input, Fill> { return {&in, std::move(fill)}; }

}  // namespace millrace
#endif
