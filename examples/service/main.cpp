// SPDX-License-Identifier: MIT
// A key-value server that speaks a part of the protocol of Redis: PING, GET, SET, DEL, INCR, pipelined.
//   service [PORT [MILLISECONDS [WORKERS]]]    PORT 0: any that is free. Prints the port. SIGTERM: answers what has come, then ends
// Sockets and connections are Asio's, on one thread; a connection is a coroutine; requests pass through a pipeline. With WORKERS it runs on
// so many threads of its own; else on the thread of the sockets, which is what costs least. A client that keeps the server waiting in the
// middle of a request, or does not take its replies, has so many milliseconds.
#include <csignal>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <asio/basic_socket_acceptor.hpp>
#include <asio/buffer.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>
#include <asio/write.hpp>

#include <millrace/async/asio.hpp>

#include "connection.hpp"
#include "store.hpp"

class server {
 public:
  using runner = mr::runner<decltype(whole(requests()))>;
  using input = decltype(std::declval<runner&>().input());
  using executor = mr::asio_executor<io_executor>;

  /// `works_here`: nobody else runs the pipeline.
  server(asio::io_context& context, executor& by, runner& run, bool works_here, unsigned short port, std::chrono::milliseconds patience)
      : context_{context}, by_{by}, run_{run}, in_{run.input()}, works_here_{works_here}, acceptor_{context.get_executor(), tcp::endpoint{tcp::v4(), port}}, clock_{context}, patience_{patience} {
    accept();
    tick();
  }
  [[nodiscard]] auto port() const -> unsigned short { return acceptor_.local_endpoint().port(); }
  /// No more connections, and no more requests than have come.
  void drain() {
    asio::error_code ignored;
    acceptor_.close(ignored);
    for (auto* c : connections_) c->s.shutdown(tcp::socket::shutdown_receive, ignored);
    if (connections_.empty()) clock_.cancel();
  }

 private:
  static constexpr std::size_t at_a_time = 64, ticks = 4;

  void accept() {
    acceptor_.async_accept([this](asio::error_code error, tcp_socket s) {
      if (!acceptor_.is_open()) return;
      if (!error) serve(std::move(s));
      accept();
    });
  }
  /// One timer for all connections.
  void tick() {
    clock_.expires_after(patience_ / ticks + std::chrono::milliseconds{1});
    clock_.async_wait([this](asio::error_code error) {
      if (error || (connections_.empty() && !acceptor_.is_open())) return;
      ++now_;
      for (auto* c : connections_)
        if (now_ > c->late_at) c->s.close(error);
      tick();
    });
  }
  /// While this lives the client has its time, and then no more.
  class deadline {
   public:
    deadline(connection& c, std::size_t at) : c_{c} { c.late_at = at; }
    deadline(deadline const&) = delete;
    auto operator=(deadline const&) -> deadline& = delete;
    ~deadline() { c_.late_at = connection::never; }

   private:
    connection& c_;
  };
  // [service_turn]
  /// Has the pipeline's work done here, behind all that this turn of the loop finds on sockets: so they share its batches.
  void work() {
    if (!works_here_ || std::exchange(has_work_, true)) return;
    asio::post(context_, [this] {
      has_work_ = false;
      if (run_.work_some()) work();
    });
  }
  // [/service_turn]
  static void add(std::string& out, mr::reply<std::string> const& r) {
    if (r.has_value()) out += *r;
    else out += protocol::error("the server ends");
  }

  auto serve(tcp_socket s) -> detached {
    connection c{std::move(s)};
    asio::error_code ignored;
    c.s.set_option(tcp::no_delay{true}, ignored);
    connections_.insert(&c);
    std::string out;
    std::vector<protocol::frame> frames;
    std::vector<mr::future<std::string>> ahead;
    for (bool goes_on = true; goes_on;) {
      {
        deadline const limit{c, c.in.empty() ? connection::never : now_ + ticks};  // it may be quiet, but not in the middle of a request
        operation read{[&](auto done) { c.s.async_read_some(c.in.room(), done); }};
        auto const [well, bytes] = co_await read;
        goes_on = well;  // at the end of what the client sends, what has come is still answered
        c.in.came(bytes);
      }
      for (auto what = protocol::found::request; what == protocol::found::request;) {
        std::size_t used = 0;
        frames.clear(), out.clear();
        for (protocol::frame f; frames.size() < at_a_time && (what = protocol::request(c.in.text(), used, f)) == protocol::found::request;) frames.push_back(f);
        // [service_connection]
        for (std::size_t next = 0; next < frames.size(); ++next) {
          // All but the last are asked for at once. Replies come in order: when the last one is there, so are those before it. Until
          // then what came stays where it is, so an event is no more than where its words are.
          auto const ask = [&](protocol::frame& f) { f = frames[next]; };
          for (ahead.clear(); next + 1 < frames.size(); ++next) {
            auto f = in_.try_submit(ask);
            if (f.was_refused()) break;  // no room: the rest after these
            ahead.push_back(std::move(f));
          }
          work();
          auto last = co_await in_.on(by_).async(ask);
          while (last.why() == mr::status::would_block) {
            static_cast<void>(co_await in_.on(by_).room());  // suspends; the thread serves others meanwhile
            work();
            last = co_await in_.on(by_).async(ask);
          }
          for (auto& f : ahead) add(out, f.take());
          add(out, last);
        }
        // [/service_connection]
        c.in.drop(used);
        if (what == protocol::found::malformed) out += protocol::error("Protocol error"), goes_on = false;
        if (out.empty()) break;
        deadline const limit{c, now_ + ticks};
        operation write{[&](auto done) { asio::async_write(c.s, asio::buffer(out), done); }};
        auto const [well, bytes] = co_await write;
        if (!well || bytes != out.size()) goes_on = false, what = protocol::found::malformed;
      }
    }
    c.s.shutdown(tcp::socket::shutdown_both, ignored);
    connections_.erase(&c);
    if (connections_.empty() && !acceptor_.is_open()) clock_.cancel();
  }

  asio::io_context& context_;
  executor& by_;
  runner& run_;
  input in_;
  bool works_here_, has_work_ = false;
  asio::basic_socket_acceptor<tcp, io_executor> acceptor_;
  asio::steady_timer clock_;
  std::chrono::milliseconds patience_;
  std::size_t now_ = 0;  // ticks of the clock
  std::set<connection*> connections_;
};

int main(int argc, char** argv) {
  auto const port = argc > 1 ? std::atoi(argv[1]) : 6379;
  auto const patience = std::chrono::milliseconds{argc > 2 ? std::atoi(argv[2]) : 10'000};
  auto const workers = static_cast<std::size_t>(argc > 3 ? std::atoi(argv[3]) : 0);
  asio::io_context context{1};
  server::executor by{context.get_executor()};
  mr::workers crew{{.max = workers == 0 ? 1 : workers, .own_threads = workers == 0}};
  mr::runner run{requests(), crew};
  server all{context, by, run, workers == 0, static_cast<unsigned short>(port), patience};
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
