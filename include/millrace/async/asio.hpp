// SPDX-License-Identifier: MIT
// Replies for programs on Asio: async_submit takes any completion token, and asio_executor resumes coroutines on an io_context. Not part
// of millrace.hpp; empty where Asio (standalone) is not found.
#pragma once
#if __has_include(<asio/version.hpp>)
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

#include <asio/associated_allocator.hpp>
#include <asio/associated_executor.hpp>
#include <asio/async_result.hpp>
#include <asio/executor_work_guard.hpp>
#include <asio/post.hpp>

#include <millrace/async/executor.hpp>
#include <millrace/async/future.hpp>
#include <millrace/async/reply.hpp>

namespace millrace {

/// A handler that waits: it keeps its executor busy, and stands where its allocator puts it.
template <typename Handler, typename Result>
class asio_operation {
  using executor_type = ::asio::associated_executor_t<Handler>;
  using allocator_type = typename std::allocator_traits<::asio::associated_allocator_t<Handler>>::template rebind_alloc<asio_operation>;

 public:
  [[nodiscard]] static auto make(Handler&& handler) -> asio_operation* {
    allocator_type a{::asio::get_associated_allocator(handler)};
    auto* const place = a.allocate(1);
    return ::new (static_cast<void*>(place)) asio_operation{std::move(handler)};
  }
  /// Posts the handler. `this` is gone then.
  void finish(reply<Result>&& how) {
    allocator_type a{::asio::get_associated_allocator(handler_)};
    auto const by = work_.get_executor();
    auto const keep = std::move(work_);
    auto handler = std::move(handler_);
    this->~asio_operation();
    a.deallocate(this, 1);
    ::asio::post(by, [h = std::move(handler), r = std::move(how)]() mutable { std::move(h)(std::move(r)); });
  }

 private:
  explicit asio_operation(Handler&& handler) : work_{::asio::get_associated_executor(handler)}, handler_{std::move(handler)} {}
  ~asio_operation() = default;

  ::asio::executor_work_guard<executor_type> work_;
  Handler handler_;
};

/// Publishes an event, and completes with `void(mr::reply<R>)`: `co_await mr::async_submit(in, fill, asio::use_awaitable)`, a callback, a
/// future. `what` is what try_submit() takes; without room it completes at once, refused with `would_block`.
///
/// Called by  the thread that uses the handle. The execution context must outlive the runner.
/// Waits      never.
/// Costs      Asio's allocation for a post, and for the operation what the handler's allocator takes.
template <typename Input, typename What, typename Token>
auto async_submit(Input& in, What&& what, Token&& token) {
  using result = typename Input::result;
  return ::asio::async_initiate<Token, void(reply<result>)>(
      [&in](auto handler, std::decay_t<What> event) {
        auto f = in.try_submit(std::move(event));
        auto* const operation = asio_operation<decltype(handler), result>::make(std::move(handler));
        f.then([operation](reply<result> how) { operation->finish(std::move(how)); });
      },
      token, std::forward<What>(what));
}

/// An executor for `in.on(...)` that resumes on Asio's: `mr::asio_executor by{context.get_executor()}`. Of a context with several threads
/// give it a strand. Many pieces of work are one post.
/// Costs      an allocation of Asio's for each burst.
template <typename Executor>
class asio_executor {
 public:
  explicit asio_executor(Executor by) : by_{std::move(by)} {}
  asio_executor(asio_executor const&) = delete;
  auto operator=(asio_executor const&) -> asio_executor& = delete;

  void post(work& w) noexcept {
    if (box_.push(w)) ask();
  }
  /// Called by  the thread of the executor.
  auto take_back(work& w) noexcept -> work::place { return box_.take_back(w); }

 private:
  static constexpr int at_a_time = 256;  // then others of the context have their turn

  void ask() noexcept {
    ::asio::post(by_, [this] {
      for (int n = 0; n < at_a_time; ++n) {
        auto* const w = box_.pop();
        if (w == nullptr) return;
        w->run(w);
      }
      if (!box_.empty()) ask();
    });
  }

  Executor by_;
  work_box<std_platform> box_;
};

}  // namespace millrace
#endif
