// SPDX-License-Identifier: MIT
// What an account has.
#pragma once
#include <cstdint>
#include <map>

#include "order.hpp"

namespace exchange {

class account {
 public:
  /// Returns the position in that symbol after it.
  auto add(leg const& l) -> std::int64_t {
    auto const n = l.on == side::buy ? std::int64_t{l.quantity} : -std::int64_t{l.quantity};
    cash_ -= n * l.price;
    return positions_[l.of] += n;
  }
  [[nodiscard]] auto digest() const -> std::uint64_t {
    auto d = static_cast<std::uint64_t>(cash_);
    for (auto const& [of, n] : positions_) d = mixed(mixed(d, static_cast<std::uint64_t>(of)), static_cast<std::uint64_t>(n));
    return d;
  }

 private:
  std::int64_t cash_ = 0;
  std::map<symbol, std::int64_t> positions_;
};

}  // namespace exchange
