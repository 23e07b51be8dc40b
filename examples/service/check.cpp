// SPDX-License-Identifier: MIT
// Starts the server that it is given, is its client in good and in bad ways, and ends it. Returns 0 if all went as it should.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <asio/buffer.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/read.hpp>
#include <asio/write.hpp>

#include <sys/wait.h>
#include <unistd.h>

using tcp = asio::ip::tcp;

namespace {

int failures = 0;
void check(bool good, char const* what) {
  if (!good) std::printf("wrong: %s\n", what), ++failures;
}

/// The server as another process.
class server {
 public:
  server(char const* program, char const* workers) {
    int out[2];
    if (::pipe(out) != 0) std::abort();
    process_ = ::fork();
    if (process_ == 0) {
      ::dup2(out[1], 1);
      ::close(out[0]), ::close(out[1]);
      ::execl(program, program, "0", "300", workers, nullptr);
      std::_Exit(127);
    }
    ::close(out[1]);
    said_ = ::fdopen(out[0], "r");
    unsigned p = 0;
    if (std::fscanf(said_, "port %u", &p) != 1) std::puts("wrong: it does not start"), std::exit(1);
    port_ = static_cast<unsigned short>(p);
  }
  server(server const&) = delete;
  auto operator=(server const&) -> server& = delete;
  ~server() { std::fclose(said_); }
  [[nodiscard]] auto port() const -> unsigned short { return port_; }
  void terminate() const { ::kill(process_, SIGTERM); }
  /// How it ended, and how many requests it says that it has answered.
  auto wait(long long& answered) const -> int {
    int how = 0;
    ::waitpid(process_, &how, 0);
    if (std::fscanf(said_, " answered %lld", &answered) != 1) answered = -1;
    return WIFEXITED(how) ? WEXITSTATUS(how) : 1000 + how;
  }

 private:
  pid_t process_;
  std::FILE* said_ = nullptr;
  unsigned short port_ = 0;
};

auto ask(std::vector<std::string_view> const& words) -> std::string {
  std::string s;
  s.append("*").append(std::to_string(words.size())).append("\r\n");
  for (auto w : words) s.append("$").append(std::to_string(w.size())).append("\r\n").append(w).append("\r\n");
  return s;
}

auto integer(int i) -> std::string { return std::string{":"}.append(std::to_string(i)).append("\r\n"); }

class client {
 public:
  explicit client(server const& s) : s_{context_} { s_.connect({asio::ip::address_v4::loopback(), s.port()}); }
  void send(std::string const& text) { asio::write(s_, asio::buffer(text), ignored_); }
  void ends() { s_.shutdown(tcp::socket::shutdown_send, ignored_); }
  /// So much of what comes, less if it ends before.
  auto receive(std::size_t n) -> std::string {
    std::string got(n, '\0');
    got.resize(asio::read(s_, asio::buffer(got), ignored_));
    return got;
  }
  auto receive_all() -> std::string {
    std::string all, some;
    while (!(some = receive(1)).empty()) all += some;
    return all;
  }
  auto gives(std::string const& request, std::string_view reply) -> bool {
    send(request);
    return receive(reply.size()) == reply;
  }

 private:
  asio::io_context context_;
  tcp::socket s_;
  asio::error_code ignored_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 && argc != 3) return std::puts("service_check PROGRAM [WORKERS]"), 2;
  std::signal(SIGPIPE, SIG_IGN);
  server const s{argv[1], argc == 3 ? argv[2] : "0"};

  {
    client c{s};
    check(c.gives(ask({"PING"}), "+PONG\r\n"), "PING");
    check(c.gives(ask({"GET", "a"}), "$-1\r\n"), "GET of nothing");
    check(c.gives(ask({"set", "a", "hello"}), "+OK\r\n"), "SET");
    check(c.gives(ask({"GET", "a"}), "$5\r\nhello\r\n"), "GET");
    check(c.gives(ask({"INCR", "a"}), "-ERR value is not an integer or out of range\r\n"), "INCR of a text");
    check(c.gives(ask({"INCR", "n"}), ":1\r\n"), "INCR of nothing");
    check(c.gives(ask({"DEL", "a"}), ":1\r\n") && c.gives(ask({"DEL", "a"}), ":0\r\n"), "DEL");
    check(c.gives(ask({"GET"}), "-ERR wrong number of arguments\r\n"), "too few words");
    check(c.gives(ask({"FLUSHALL"}), "-ERR unknown command\r\n"), "what it does not know");
    std::string const slowly = ask({"SET", "b", "x"});
    for (char const ch : slowly) c.send(std::string(1, ch));
    check(c.receive(5) == "+OK\r\n", "a request that comes byte by byte");
    std::string all, want;
    for (int i = 1; i <= 5000; ++i) all += ask({"INCR", "many"}), want.append(integer(i));
    std::thread sender{[&] { c.send(all); }};
    check(c.receive(want.size()) == want, "many at once, answered in order");
    sender.join();
  }
  {  // tables that grow, and have places that become free
    client c{s};
    std::string all, want;
    constexpr int keys = 6000;
    for (int i = 0; i < keys; ++i) all += ask({"SET", std::to_string(i), std::to_string(i * i)}), want += "+OK\r\n";
    for (int i = 0; i < keys; i += 3) all += ask({"DEL", std::to_string(i)}), want += integer(1);
    for (int i = 1; i < keys; i += 3) all += ask({"INCR", std::to_string(i)}), want += integer(i * i + 1);
    for (int i = 0; i < keys; ++i) {
      all += ask({"GET", std::to_string(i)});
      auto const text = std::to_string(i * i + i % 3 % 2);
      if (i % 3 == 0) want += "$-1\r\n";
      else want.append("$").append(std::to_string(text.size())).append("\r\n").append(text).append("\r\n");
    }
    std::thread sender{[&] { c.send(all); }};
    check(c.receive(want.size()) == want, "many keys");
    sender.join();
    check(c.gives(ask({"SET", "", "nobody"}), "+OK\r\n") && c.gives(ask({"GET", ""}), "$6\r\nnobody\r\n"), "a key without letters");
  }
  {  // several at once, on one key
    std::vector<std::thread> clients;
    for (int k = 0; k < 4; ++k)
      clients.emplace_back([&] {
        client c{s};
        for (int i = 0; i < 500; ++i) {
          c.send(ask({"INCR", "shared"}));
          if (c.receive(1) != ":") return;
          while (c.receive(1) != "\n") {
          }
        }
      });
    for (auto& c : clients) c.join();
    client c{s};
    check(c.gives(ask({"GET", "shared"}), "$4\r\n2000\r\n"), "no increment is lost");
  }
  for (auto const* bad : {"*x\r\n", "hello\r\n", "*2\r\n$3\r\nGET\r\n$99999999\r\n", "*1\r\n$4\r\nPINGxx", "*9\r\n", "*1\r\n$-4\r\n"}) {
    client c{s};
    c.send(ask({"PING"}) + bad);
    check(c.receive_all() == "+PONG\r\n-ERR Protocol error\r\n", bad);
  }
  {
    client c{s};
    c.send(ask({"PING"}) + ask({"PING"}) + "*1\r\n$4");
    c.ends();
    check(c.receive_all() == "+PONG\r\n+PONG\r\n", "a client that closes its half, in the middle of a request");
  }
  {
    client quiet{s}, greedy{s}, other{s};
    quiet.send("*1\r\n$4\r\nPI");  // and no more
    check(other.gives(ask({"SET", "big", std::string(100'000, 'x')}), "+OK\r\n"), "a large value");
    std::string many;
    for (int i = 0; i < 640; ++i) many += ask({"GET", "big"});
    greedy.send(many);  // and takes nothing
    for (int i = 0; i < 100; ++i) check(other.gives(ask({"PING"}), "+PONG\r\n"), "others do not wait for it");
    check(quiet.receive_all().empty(), "who stops in the middle of a request is shown out");
  }
  {
    client idle{s}, busy{s};
    std::string all, want;
    for (int i = 1; i <= 300; ++i) all += ask({"INCR", "end"}), want.append(integer(i));
    check(busy.gives(ask({"PING"}), "+PONG\r\n"), "it is there");
    busy.send(all);
    check(busy.receive(4) == ":1\r\n", "it has begun");
    s.terminate();
    auto const rest = busy.receive_all();
    check(rest == want.substr(4, rest.size()) && (rest.empty() || rest.back() == '\n'), "whole replies until the end");
    check(idle.receive_all().empty(), "who is quiet is let go");
  }
  long long answered = 0;
  check(s.wait(answered) == 0, "it ends well");
  check(answered >= 7000, "and says how much it has done");
  if (failures == 0) std::puts("the service does what it should");
  return failures == 0 ? 0 : 1;
}
