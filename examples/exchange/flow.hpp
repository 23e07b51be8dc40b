// SPDX-License-Identifier: MIT
// Made-up orders that look like real ones: few symbols have most of the orders, few accounts send most of them, prices wander, most
// orders wait near the best price, some trade at once, and many are cancelled.
#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "order.hpp"

namespace exchange {

class flow {
 public:
  static constexpr std::size_t symbols = 64, accounts = 1000;

  /// The same orders on every machine for one seed. Of several flows each has numbers of its own: first, first + step ...
  explicit flow(std::uint64_t seed, std::uint64_t first = 1, std::uint64_t step = 1) : dice_{seed}, next_id_{first}, step_{step}, live_(symbols) {
    for (auto& m : middle_) m = 2'000 + static_cast<std::int32_t>(below(20'000));
    double sum = 0;
    for (std::size_t s = 0; s != symbols; ++s) share_[s] = sum += 1 / std::pow(static_cast<double>(s + 1), 1.1);  // Zipf
    for (auto& s : share_) s /= sum;
  }

  [[nodiscard]] auto next() -> order {
    auto const s = static_cast<std::size_t>(std::lower_bound(share_.begin(), share_.end() - 1, uniform()) - share_.begin());
    auto& live = live_[s];
    auto const what = below(100);
    if (what < 35 && !live.empty()) {
      auto const i = below(live.size());
      auto gone = live[i];
      live[i] = live.back(), live.pop_back();
      gone.does = kind::cancel;
      return gone;
    }
    if (what % 8 == 0) middle_[s] = std::max(middle_[s] + static_cast<std::int32_t>(below(3)) - 1, 100);
    order o;
    o.id = next_id_, next_id_ += step_;
    o.of = to_symbol(name(s));
    o.account = static_cast<std::uint32_t>(accounts * uniform() * uniform() * uniform());
    o.does = kind::enter;
    o.on = below(2) == 0 ? side::buy : side::sell;
    auto const away = what >= 80 ? -static_cast<std::int32_t>(below(4)) : static_cast<std::int32_t>(below(4) + below(12));  // from the middle
    o.price = std::max(o.on == side::buy ? middle_[s] - away : middle_[s] + away, 1);
    o.quantity = static_cast<std::uint32_t>(100 * (1 + below(what >= 80 ? 20 : 5)));
    live.push_back(o);
    if (live.size() > 2000) live.erase(live.begin(), live.begin() + 1000);  // too old to be cancelled
    return o;
  }

 private:
  [[nodiscard]] auto below(std::size_t n) -> std::size_t { return dice_() % n; }
  [[nodiscard]] auto uniform() -> double { return static_cast<double>(dice_() >> 11) * 0x1p-53; }
  [[nodiscard]] static auto name(std::size_t s) -> std::string { return {'S', static_cast<char>('A' + s / 8), static_cast<char>('A' + s % 8)}; }

  std::mt19937_64 dice_;
  std::uint64_t next_id_, step_;
  std::array<std::int32_t, symbols> middle_{};
  std::array<double, symbols> share_{};
  std::vector<std::vector<order>> live_;
};

}  // namespace exchange
