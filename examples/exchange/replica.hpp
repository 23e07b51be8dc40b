// SPDX-License-Identifier: MIT
// Another process that has all orders too. Records go there over TCP, and how many it has comes back.
#pragma once
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <millrace.hpp>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "journal.hpp"

namespace exchange {

/// What a replica answers: how many orders it has; after the last one also the digest of its state.
struct answer {
  std::uint64_t orders, digest;
};

class connection {
 public:
  explicit connection(int fd = -1) noexcept : fd_{fd} {}
  connection(connection&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
  auto operator=(connection other) noexcept -> connection& { return std::swap(fd_, other.fd_), *this; }
  ~connection() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] auto get() const noexcept -> int { return fd_; }

  /// Throws     std::system_error.
  void send(void const* from, std::size_t n) const {
    for (auto const* next = static_cast<char const*>(from); n != 0;) {
      auto const sent = ::send(fd_, next, n, MSG_NOSIGNAL);
      if (sent < 0 && errno != EINTR) throw std::system_error{errno, std::generic_category(), "cannot send"};
      if (sent > 0) next += sent, n -= static_cast<std::size_t>(sent);
    }
  }
  /// At least one byte; 0 at the end, also if the other one is gone.
  [[nodiscard]] auto receive(char* to, std::size_t room) const -> std::size_t {
    for (;;) {
      auto const got = ::recv(fd_, to, room, 0);
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno == ECONNRESET) return 0;
      if (errno != EINTR) throw std::system_error{errno, std::generic_category(), "cannot receive"};
    }
  }
  void no_more() const noexcept { ::shutdown(fd_, SHUT_WR); }

  /// "HOST:PORT". Throws     std::runtime_error, std::system_error.
  [[nodiscard]] static auto to(std::string const& where) -> connection {
    auto const colon = where.rfind(':');
    addrinfo hints{}, *found = nullptr;
    hints.ai_socktype = SOCK_STREAM;
    if (colon == std::string::npos || ::getaddrinfo(where.substr(0, colon).c_str(), where.substr(colon + 1).c_str(), &hints, &found) != 0)
      throw std::runtime_error{"no such address: " + where};
    connection c{::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    auto const failed = c.get() < 0 || ::connect(c.get(), found->ai_addr, found->ai_addrlen) != 0;
    ::freeaddrinfo(found);
    if (failed) throw std::system_error{errno, std::generic_category(), where};
    return c.at_once();
  }
  /// The first one who comes. Calls `told(port)` when it can be reached; port 0: the system chooses.
  template <typename F>
  [[nodiscard]] static auto from_anybody(std::uint16_t port, F told) -> connection {
    connection const door{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    if (door.get() < 0) throw std::system_error{errno, std::generic_category(), "no socket"};
    int const yes = 1;
    static_cast<void>(::setsockopt(door.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes));
    sockaddr_in here{};
    here.sin_family = AF_INET, here.sin_port = htons(port), here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* const address = reinterpret_cast<sockaddr*>(&here);
    socklen_t size = sizeof here;
    if (::bind(door.get(), address, size) != 0 || ::listen(door.get(), 1) != 0 || ::getsockname(door.get(), address, &size) != 0)
      throw std::system_error{errno, std::generic_category(), "cannot listen"};
    told(ntohs(here.sin_port));
    connection c{::accept4(door.get(), nullptr, nullptr, SOCK_CLOEXEC)};
    if (c.get() < 0) throw std::system_error{errno, std::generic_category(), "cannot accept"};
    return c.at_once();
  }

 private:
  auto at_once() -> connection {
    int const yes = 1;
    static_cast<void>(::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes));  // batches are made elsewhere
    return std::move(*this);
  }
  int fd_;
};

/// The primary's end.
class replica {
 public:
  /// Without an address there is none, and everything counts as received.
  explicit replica(std::string const& where) {
    if (!where.empty()) there_ = connection::to(where);
  }
  /// Stage "replicate".
  void send(mr::batch<entry const> batch) {
    if (there_.get() < 0) return acknowledge_(batch.first_sequence() + static_cast<mr::sequence>(batch.size()) - 1);
    records_.clear();
    append_records(records_, batch);
    there_.send(records_.data(), records_.size() * sizeof(record));
  }
  void acknowledge_by(mr::acknowledger a) { acknowledge_ = std::move(a); }  // before the first event
  /// A thread of its own. Returns at the end.
  /// Throws     std::runtime_error if the replica goes before.
  void hear() {
    if (there_.get() < 0) return;
    answer a{};
    for (std::size_t have = 0; digest_ == std::nullopt;) {
      auto const got = there_.receive(reinterpret_cast<char*>(&a) + have, sizeof a - have);
      if (got == 0) throw std::runtime_error{"the replica is gone"};
      if (have += got; have < sizeof a) continue;
      have = 0;
      if (a.digest != 0) digest_ = a.digest;
      else acknowledge_(static_cast<mr::sequence>(a.orders) - 1);
    }
  }
  void end() const { there_.no_more(); }
  [[nodiscard]] auto is_there() const -> bool { return there_.get() >= 0; }
  [[nodiscard]] auto digest() const -> std::optional<std::uint64_t> { return digest_; }

 private:
  connection there_;
  std::vector<record> records_;
  mr::acknowledger acknowledge_;
  std::optional<std::uint64_t> digest_;
};

/// The replica's end: calls `f(order const*, n)` with what comes, and then answers. Returns how many came.
/// Throws     std::runtime_error if something came that is no record.
template <typename F>
auto serve(connection const& from, F f) -> std::uint64_t {
  std::vector<record> records(4096);
  std::vector<order> orders;
  std::uint64_t n = 0;
  for (std::size_t have = 0;;) {
    auto const got = from.receive(reinterpret_cast<char*>(records.data()) + have, records.size() * sizeof(record) - have);
    if (got == 0) return n;
    have += got;
    auto const whole = have / sizeof(record);
    orders.clear();
    for (std::size_t i = 0; i != whole; ++i) {
      if (records[i].check != check_of(records[i].what, n++)) throw std::runtime_error{"a record is damaged"};
      orders.push_back(records[i].what);
    }
    if (whole == 0) continue;
    have -= whole * sizeof(record);
    std::memmove(records.data(), records.data() + whole, have);
    f(orders);
    answer const a{n, 0};
    from.send(&a, sizeof a);
  }
}

}  // namespace exchange
