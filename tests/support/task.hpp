// SPDX-License-Identifier: MIT
// A coroutine that begins at once. Whoever has it destroys it, wherever it stands.
#pragma once
#include <coroutine>
#include <exception>
#include <utility>

namespace support {

class task {
 public:
  struct promise_type {
    auto get_return_object() -> task { return task{std::coroutine_handle<promise_type>::from_promise(*this)}; }
    auto initial_suspend() noexcept -> std::suspend_never { return {}; }
    auto final_suspend() noexcept -> std::suspend_always { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { std::terminate(); }
  };
  task(task&& other) noexcept : me_{std::exchange(other.me_, nullptr)} {}
  auto operator=(task other) noexcept -> task& { return std::swap(me_, other.me_), *this; }
  ~task() { drop(); }
  void drop() {
    if (auto const me = std::exchange(me_, nullptr)) me.destroy();
  }
  /// Dropped, or at its end.
  [[nodiscard]] auto done() const -> bool { return !me_ || me_.done(); }

 private:
  explicit task(std::coroutine_handle<promise_type> me) : me_{me} {}
  std::coroutine_handle<promise_type> me_;
};

}  // namespace support
