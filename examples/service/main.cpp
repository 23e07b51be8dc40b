// SPDX-License-Identifier: MIT
// A key-value server that speaks a part of the protocol of Redis: PING, GET, SET, DEL, INCR, pipelined.
//   service [PORT [MILLISECONDS]]    PORT 0: any that is free. Prints the port. SIGTERM: answers what has come, then ends
// Sockets and connections are Asio's, on one thread; a connection is a coroutine; requests pass through a pipeline on the workers. A
// client that keeps the server waiting in the middle of a request, or does not take its replies, has so many milliseconds.
#include <csignal>
#include <chrono>
#include <coroutine>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <asio/buffer.hpp>
#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>
#include <asio/write.hpp>

#include <millrace/async/asio.hpp>

#include "store.hpp"

using tcp = asio::ip::tcp;

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

class server {
 public:
  using runner = mr::runner<decltype(whole(requests()))>;
  using input = decltype(std::declval<runner&>().input());
  using executor = mr::asio_executor<asio::io_context::executor_type>;

  server(asio::io_context& context, executor& by, input in, unsigned short port, std::chrono::milliseconds patience)
      : context_{context}, by_{by}, in_{std::move(in)}, acceptor_{context, tcp::endpoint{tcp::v4(), port}}, patience_{patience}, open_{context.get_executor()} {
    accept();
  }
  [[nodiscard]] auto port() const -> unsigned short { return acceptor_.local_endpoint().port(); }
  /// No more connections, and no more requests than have come.
  void drain() {
    asio::error_code ignored;
    acceptor_.close(ignored);
    for (auto* s : connections_) s->shutdown(tcp::socket::shutdown_receive, ignored);
    if (connections_.empty()) open_.reset();
  }

 private:
  static constexpr std::size_t at_a_time = 64;

  void accept() {
    acceptor_.async_accept([this](asio::error_code error, tcp::socket s) {
      if (!acceptor_.is_open()) return;
      if (!error) serve(std::make_shared<tcp::socket>(std::move(s)));
      accept();
    });
  }
  /// Closes the socket, unless it is gone before the time is up.
  class deadline {
   public:
    deadline(asio::steady_timer& timer, std::shared_ptr<tcp::socket> const& s, std::chrono::milliseconds d) : timer_{timer} {
      timer_.expires_after(d);
      timer_.async_wait([s](asio::error_code error) {
        if (!error) s->close(error);
      });
    }
    deadline(deadline const&) = delete;
    auto operator=(deadline const&) -> deadline& = delete;
    ~deadline() { timer_.cancel(); }

   private:
    asio::steady_timer& timer_;
  };
  static auto text(mr::reply<std::string> r) -> std::string { return r.has_value() ? std::move(*r) : protocol::error("the server ends"); }

  auto serve(std::shared_ptr<tcp::socket> s) -> detached {
    connections_.insert(s.get());
    asio::steady_timer timer{context_};
    std::string in, out;
    std::vector<protocol::frame> frames;
    std::vector<mr::future<std::string>> ahead;
    for (bool goes_on = true; goes_on;) {
      auto const had = in.size();
      in.resize(had + 16'384);
      std::size_t got = 0;
      {
        deadline const limit{timer, s, had == 0 ? std::chrono::hours{24} : patience_};  // it may be quiet, but not in the middle of a request
        operation read{[&](auto done) { s->async_read_some(asio::buffer(in.data() + had, in.size() - had), done); }};
        auto const [well, bytes] = co_await read;
        goes_on = well, got = bytes;  // at the end of what the client sends, what has come is still answered
      }
      in.resize(had + got);

      std::size_t used = 0;
      for (auto what = protocol::found::request; what == protocol::found::request;) {
        frames.clear(), out.clear();
        for (protocol::frame f; frames.size() < at_a_time && (what = protocol::request(in, used, f)) == protocol::found::request;) frames.push_back(f);
        // [service_connection]
        for (std::size_t next = 0; next < frames.size(); ++next) {
          // All but the last are asked for at once. Replies come in order: when the last one is there, so are those before it.
          auto const ask = [&](request& r) { r.assign(frames[next]); };
          for (ahead.clear(); next + 1 < frames.size(); ++next) {
            auto f = in_.try_submit(ask);
            if (f.was_refused()) break;  // no room: the rest after these
            ahead.push_back(std::move(f));
          }
          auto last = co_await in_.on(by_).async(ask);
          while (last.why() == mr::status::would_block) {
            static_cast<void>(co_await in_.on(by_).room());  // suspends; the thread serves others meanwhile
            last = co_await in_.on(by_).async(ask);
          }
          for (auto& f : ahead) out += text(f.take());
          out += text(std::move(last));
        }
        // [/service_connection]
        if (what == protocol::found::malformed) out += protocol::error("Protocol error"), goes_on = false;
        if (out.empty()) break;
        deadline const limit{timer, s, patience_};
        operation write{[&](auto done) { asio::async_write(*s, asio::buffer(out), done); }};
        auto const [well, bytes] = co_await write;
        if (!well || bytes != out.size()) goes_on = false, what = protocol::found::malformed;
      }
      in.erase(0, used);
    }
    asio::error_code ignored;
    s->shutdown(tcp::socket::shutdown_both, ignored);
    connections_.erase(s.get());
    if (connections_.empty() && !acceptor_.is_open()) open_.reset();
  }

  asio::io_context& context_;
  executor& by_;
  input in_;
  tcp::acceptor acceptor_;
  std::chrono::milliseconds patience_;
  std::set<tcp::socket*> connections_;
  asio::executor_work_guard<asio::io_context::executor_type> open_;  // there is work while there is a connection, also between two calls of Asio
};

int main(int argc, char** argv) {
  auto const port = argc > 1 ? std::atoi(argv[1]) : 6379;
  auto const patience = std::chrono::milliseconds{argc > 2 ? std::atoi(argv[2]) : 10'000};
  asio::io_context context{1};
  server::executor by{context.get_executor()};
  mr::runner run{requests()};
  server all{context, by, run.input(), static_cast<unsigned short>(port), patience};
  asio::signal_set signals{context, SIGTERM, SIGINT};
  signals.async_wait([&](asio::error_code error, int) {
    if (!error) all.drain();
  });
  std::printf("port %u\n", static_cast<unsigned>(all.port()));
  std::fflush(stdout);
  context.run();
  auto const report = run.finish();
  report.rethrow();
  std::printf("answered %lld requests\n", static_cast<long long>(report.done));
  return 0;
}
