// SPDX-License-Identifier: MIT
// A mean that is long while nothing moves and short after a jump, and knows how far it may be off.
#pragma once

#include <millrace/base/config.hpp>
#include <millrace/plan/cost_model.hpp>

namespace millrace::scheduling {

[[nodiscard]] inline auto root(double x) noexcept -> double { return x > 0 ? __builtin_sqrt(x) : 0; }

struct running_mean {
  double mean = 0;
  double items = 0;    // that it stands on
  double scatter = 1;  // relative variance of one item, as it shows between periods: 1 if times are exponential
  double seen = 0;     // periods
  double before = 0;   // the last one
  double lean = 0;     // to which side the latest are off
  struct suspicion {   // Page's test: how likely it is that all since `sum` was begun has another mean
    double likelihood = 0, sum = 0, count = 0;
  } up{}, down{}, doubled{}, halved{};

  /// Relative standard error.
  [[nodiscard]] auto error() const noexcept -> double { return items > 0 ? root(scatter / items) : 1; }

  /// A period of `n` items of mean `x`. The mean forgets what lies more than `memory` items back. When it is e^12 times (or more, if items are scattered widely) more likely that
  /// the mean has moved by a fifth than that it has not, or has doubled or halved, it begins anew with what came since. If periods lean to one side for long, it
  /// becomes a short one. A single one that is far off is left out.
  MILLRACE_COLD void add(double x, double n, double memory) noexcept {
    if (!(n > 0) || !(x > 0)) return;
    if (items <= 0) {
      mean = before = x, items = n, seen = 1;
      return;
    }
    seen += 1;  // by differences of neighbours, so that a drift is not taken for chance
    auto const step = x / before - 1;
    scatter += most(0.02, 1 / (seen + 1)) * (least(step * step * n / 2, 25 * scatter) - scatter);
    before = x;
    auto const off = x / mean - 1, chance = root(scatter / n);
    constexpr double shift = 0.2, ln2 = 0.693;
    auto const weight = n / most(scatter, 1e-6);
    if (moved(up, shift * weight * (least(off, 2) - shift / 2), x, n) || moved(down, shift * weight * (-off - shift / 2), x, n)) return;
    // The same for exponential times of another mean: r times as long says (1 - 1 / r) * x - ln r.
    if (moved(doubled, weight * (0.5 * least(x / mean, 4) - ln2), x, n) || moved(halved, weight * (ln2 - x / mean), x, n)) return;
    if (auto const far = most(0.10, 5 * chance); off > far || off < -far) return;
    lean += 0.2 * (off - lean);
    if (auto const far = most(0.02, chance); lean > far || lean < -far) items = least(items, 4 * n);
    mean += (x - mean) * n / (items + n);
    items = least(items + n, most(memory, n));
  }
  /// It is known that all is new.
  void restart(double x, double n) noexcept { mean = before = x, items = n, lean = 0, forget_suspicions(); }
  /// The last period says that it is longer now, by half or more, and does not prove it.
  [[nodiscard]] auto suspected() const noexcept -> bool { return up.likelihood >= 3.9 && before > 1.5 * mean; }
  void forget_suspicions() noexcept { up = down = doubled = halved = {}; }

 private:
  MILLRACE_COLD auto moved(suspicion& s, double says, double x, double n) noexcept -> bool {
    s.likelihood += least(says, 4);  // one period alone, however far off, proves nothing
    if (s.likelihood <= 0) {
      s = {};
      return false;
    }
    s.sum += x * n, s.count += n;
    if (s.likelihood < 12 + least(scatter, 12)) return false;  // what is widely scattered is seldom normal
    restart(s.sum / s.count, s.count);
    return true;
  }
};

}  // namespace millrace::scheduling
