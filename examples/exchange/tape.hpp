// SPDX-License-Identifier: MIT
// What is published: trades as lines of text, how many, and how long they took.
#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "order.hpp"

namespace exchange {

/// How often something took how long, within a sixteenth of it.
class durations {
 public:
  void add(std::int64_t ns) { ++seen_[place(static_cast<std::uint64_t>(std::max<std::int64_t>(ns, 0)))], ++count_; }
  /// Microseconds that so many parts of all took at most, 0 to 1.
  [[nodiscard]] auto at(double share) const -> double {
    std::size_t below = 0, i = 0;
    for (auto const wanted = share * static_cast<double>(count_); i + 1 < seen_.size() && static_cast<double>(below += seen_[i]) < wanted;) ++i;
    return static_cast<double>(upper(i)) * 1e-3;
  }

 private:
  static constexpr std::size_t parts = 16;
  [[nodiscard]] static auto place(std::uint64_t ns) -> std::size_t {
    if (ns < parts) return ns;
    auto const shift = static_cast<std::size_t>(std::bit_width(ns)) - 5;  // the five highest bits count
    return parts * shift + (ns >> shift);
  }
  [[nodiscard]] static auto upper(std::size_t i) -> std::uint64_t {
    if (i < 2 * parts) return i;
    auto const shift = i / parts - 1;
    return (std::uint64_t{i % parts} + parts + 1) << shift;
  }
  std::vector<std::size_t> seen_ = std::vector<std::size_t>(61 * parts);
  std::size_t count_ = 0;
};

/// Used by stage "publish", and when that has ended by whoever wants to know.
class tape {
 public:
  /// With a path it writes all trades there, "-": to the standard output.
  /// Throws     std::system_error.
  explicit tape(std::string const& path = {}) {
    if (path == "-") to_.reset(stdout);
    else if (!path.empty() && (to_ = file{std::fopen(path.c_str(), "we")}) == nullptr) throw std::system_error{errno, std::generic_category(), path};
  }
  /// A trade is two legs; the second one completes it. `now`: 0 if time does not matter.
  void add(leg const& l, std::int64_t now) {
    if (l.position > most || -l.position > most) ++over_limit_;
    if (!l.taker) return;
    ++trades_;
    last_[trades_ % last_.size()] = l;
    if (now != 0) took_.add(now - l.entered_ns);
    if (to_ != nullptr) std::fprintf(to_.get(), "%s\n", line(l).c_str());
  }
  void flush() {
    if (to_ != nullptr) std::fflush(to_.get());
  }
  [[nodiscard]] auto trades() const -> std::size_t { return trades_; }
  [[nodiscard]] auto over_limit() const -> std::size_t { return over_limit_; }
  [[nodiscard]] auto took() const -> durations const& { return took_; }
  [[nodiscard]] auto last_trades() const -> std::string {
    std::string text;
    for (auto n = trades_ - std::min(trades_, last_.size()); n != trades_; ++n) text += "  " + line(last_[(n + 1) % last_.size()]) + "\n";
    return text;
  }

 private:
  struct closing {
    void operator()(std::FILE* f) const { f == stdout ? std::fflush(f) : std::fclose(f); }
  };
  using file = std::unique_ptr<std::FILE, closing>;
  static constexpr std::int64_t most = 20'000;  // what an account may have of a symbol, up or down

  [[nodiscard]] static auto line(leg const& l) -> std::string {
    std::array<char, 128> text{};
    std::snprintf(text.data(), text.size(), "%-8s %6u at %6d.%02d  account %u %s account %u, and has %lld", name_of(l.of).c_str(), l.quantity, l.price / 100, l.price % 100, l.account,
                  l.on == side::buy ? "buys from" : "sells to", l.other, static_cast<long long>(l.position));
    return text.data();
  }

  file to_;
  std::size_t trades_ = 0, over_limit_ = 0;
  std::array<leg, 5> last_{};
  durations took_;
};

}  // namespace exchange
