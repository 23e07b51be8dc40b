// SPDX-License-Identifier: MIT
// A client: its socket, what has come and is not yet answered. And what coroutines need to wait for Asio.
#pragma once
#include <algorithm>
#include <coroutine>
#include <cstddef>
#include <exception>
#include <string_view>
#include <utility>
#include <vector>

#include <asio/basic_stream_socket.hpp>
#include <asio/buffer.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>

using tcp = asio::ip::tcp;
using io_executor = asio::io_context::executor_type;
using tcp_socket = asio::basic_stream_socket<tcp, io_executor>;

/// A coroutine that nobody waits for.
struct detached {
  struct promise_type {
    auto get_return_object() noexcept -> detached { return {}; }
    auto initial_suspend() noexcept -> std::suspend_never { return {}; }
    auto final_suspend() noexcept -> std::suspend_never { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { std::terminate(); }
  };
};
/// Waits for what `start(handler)` begins with Asio. Says whether that went well, and how many bytes.
template <typename Start>
struct operation {
  Start start;
  asio::error_code error{};
  std::size_t bytes = 0;

  static auto await_ready() noexcept -> bool { return false; }
  void await_suspend(std::coroutine_handle<> me) {
    start([this, me](asio::error_code e, std::size_t n) {
      error = e, bytes = n;
      me.resume();
    });
  }
  auto await_resume() const noexcept -> std::pair<bool, std::size_t> { return {!error, bytes}; }
};
template <typename Start>
operation(Start) -> operation<Start>;

/// Bytes in the order in which they come. What has come stays where it is until more is to come.
class inbox {
 public:
  /// Where the next bytes go.
  [[nodiscard]] auto room() -> asio::mutable_buffer {
    if (bytes_.size() - end_ < least) {
      std::copy(bytes_.begin() + static_cast<std::ptrdiff_t>(begin_), bytes_.begin() + static_cast<std::ptrdiff_t>(end_), bytes_.begin());
      end_ -= begin_, begin_ = 0;
      if (bytes_.size() - end_ < least) bytes_.resize(2 * bytes_.size());
    }
    return asio::buffer(bytes_.data() + end_, bytes_.size() - end_);
  }
  void came(std::size_t n) { end_ += n; }
  [[nodiscard]] auto text() const -> std::string_view { return {bytes_.data() + begin_, end_ - begin_}; }
  [[nodiscard]] auto empty() const -> bool { return begin_ == end_; }
  void drop(std::size_t n) {
    begin_ += n;
    if (empty()) begin_ = end_ = 0;  // again where it is warm
  }

 private:
  static constexpr std::size_t least = 4096;
  std::vector<char> bytes_ = std::vector<char>(4 * least);
  std::size_t begin_ = 0, end_ = 0;
};

struct connection {
  tcp_socket s;
  inbox in{};
  std::size_t late_at = never;  // then it has kept the server waiting for too long

  static constexpr auto never = static_cast<std::size_t>(-1);
};
