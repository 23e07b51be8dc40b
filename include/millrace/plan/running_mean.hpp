// SPDX-License-Identifier: MIT
// A mean that is long while nothing moves and short after a jump, and knows how far it may be off.
#pragma once
#include <array>
#include <cstddef>

#include <millrace/base/config.hpp>
#include <millrace/plan/cost_model.hpp>

namespace millrace::scheduling {

[[nodiscard]] inline auto root(double x) noexcept -> double { return x > 0 ? __builtin_sqrt(x) : 0; }

struct running_mean {
  double mean = 0;
  double items = 0;              // that it stands on
  double scatter = 1;            // relative variance of one item, as it shows between periods: 1 if times are exponential
  double seen = 0;               // portions
  double lean = 0;               // to which side the latest portions are off
  std::array<double, 3> last{};  // how far the latest portions were off; 0: within tolerance
  double sum = 0, count = 0;     // of the portion that is being gathered

  /// Relative standard error.
  [[nodiscard]] auto error() const noexcept -> double { return items > 0 ? root(scatter / items) : 1; }

  /// A period of `n` items of mean `x`. Periods are put together until they say something (10 %). The mean forgets what lies more than
  /// `memory` items back. Three portions in a row that are off to the same side, each by more than 5 % and 2.5 standard errors, are a
  /// jump: the mean begins anew. If they lean to one side for longer, it becomes a short one. A single one that is far off is left out.
  MILLRACE_COLD void add(double x, double n, double memory) noexcept {
    if (!(n > 0) || !(x > 0)) return;
    sum += x * n, count += n;
    auto const enough = least(100 * scatter, memory / 8);
    if (items > 2 * enough && count < enough) return;
    x = sum / count, n = count;
    sum = count = 0;
    if (items <= 0) {
      mean = x, items = n, seen = 1;
      return;
    }
    auto const off = x / mean - 1, chance = root(scatter / n), tolerance = most(0.05, 2.5 * chance);
    last = {last[1], last[2], off > tolerance || off < -tolerance ? off : 0};
    bool const up = last[0] > 0 && last[1] > 0 && last[2] > 0, down = last[0] < 0 && last[1] < 0 && last[2] < 0;
    if (up || down) {
      auto const middle = most(least(last[0], last[1]), least(most(last[0], last[1]), last[2]));
      mean *= 1 + middle, items = 3 * n, last = {}, lean = 0;
      return;
    }
    seen += 1;
    auto const pace = most(0.05, 1 / (seen + 1));
    scatter += pace * (least(off * off * n, 9 * scatter) - scatter);
    if (off > 2 * tolerance || off < -2 * tolerance) return;
    lean += 0.2 * (off - lean);
    if (auto const far = most(0.02, chance); lean > far || lean < -far) items = least(items, 4 * n);
    mean += (x - mean) * n / (items + n);
    items = least(items + n, most(memory, n));
  }
  /// It is known that all is new.
  void restart(double x, double n) noexcept { mean = x, items = n, last = {}, lean = 0, sum = count = 0; }
};

}  // namespace millrace::scheduling
