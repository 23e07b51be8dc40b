// SPDX-License-Identifier: MIT
// A coroutine that nobody waits for.
#pragma once
#include <coroutine>
#include <exception>

namespace support {

struct detached {
  struct promise_type {
    auto get_return_object() noexcept -> detached { return {}; }
    auto initial_suspend() noexcept -> std::suspend_never { return {}; }
    auto final_suspend() noexcept -> std::suspend_never { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { std::terminate(); }
  };
};

}  // namespace support
