// SPDX-License-Identifier: MIT
// Somebody who waits for one reply: the state of a future, or a coroutine's frame. Who answers cannot tell which.
#pragma once
#include <utility>

#include <millrace/async/reply.hpp>
#include <millrace/sync/reply_token.hpp>

namespace millrace {

template <typename R, typename Platform>
struct waiter {
  using reply_type = reply<R>;
  using token_type = reply_token<Platform>;

  /// Called once, after `out` was written, by whoever took it out of the token; it may be gone then.
  void (*done)(waiter*) noexcept = nullptr;
  token_type* at = nullptr;  // where it waits
  typename Platform::template cell<reply_type> out{};

  /// Called by  whoever took it out of the token.
  void answer(reply_type&& how) noexcept {
    out.write() = std::move(how);
    done(this);
  }
};

}  // namespace millrace
