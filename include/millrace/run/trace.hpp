// SPDX-License-Identifier: MIT
// What a runner did over time, for ui.perfetto.dev and chrome://tracing: who ran what, how deep the rings were, what the scheduler decided.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <millrace/base/config.hpp>
#include <millrace/plan/history.hpp>
#include <millrace/run/metrics.hpp>
#include <millrace/run/snapshot.hpp>
#include <millrace/sync/platform.hpp>

namespace millrace {

/// A recorder that somebody calls now and then: `note(run)` each 10 ms from a thread that has time for it. It only reads counters, so
/// the pipeline is the same whether it is recorded or not. For each period a worker has a slice named after the stages that it ran, as
/// long as it was busy in the period; where in the period that was, nobody knows.
///
/// Called by  one thread at a time.
/// Costs      memory for `most` periods; then the oldest are forgotten.
class trace {
 public:
  explicit trace(std::size_t most = 10'000) : most_{most < 1 ? 1 : most} {}

  /// A period ends now. `decisions`: what a scheduler's decisions() says; each of them is recorded once.
  template <typename Runner>
  MILLRACE_COLD void note(Runner const& run, std::vector<scheduling::decision> const& decisions = {}) {
    auto m = snapshot(run);
    using platform = typename Runner::engine_type::platform;
    note(std::move(m), decisions, platform::now());
  }
  /// The same from values; `now` is when they were taken, by the clock of the decisions.
  MILLRACE_COLD void note(metrics m, std::vector<scheduling::decision> const& decisions, std::int64_t now) {
    auto const begun = static_cast<double>(now) - m.elapsed_ns;
    for (auto const& d : decisions) {
      if (d.at <= last_decision_) continue;
      last_decision_ = d.at;
      keep(changes_, {d.at * 1e9 - begun, text(d.why), d.advice, employed(d.from), employed(d.to), d.utilisation, d.gain});
    }
    period p{before_.elapsed_ns, m.elapsed_ns, {}, {}};
    p.depths.push_back(m.events.depth);
    for (auto const& r : m.further) p.depths.push_back(r.depth);
    for (auto const& w : m.workers) {
      auto useful = w.useful_ns;
      for (auto const& was : before_.workers)
        if (was.number == w.number) useful -= was.useful_ns;
      if (useful > p.to - p.from) useful = p.to - p.from;  // measured from a sample of batches, so it may be more
      if (useful > 0) p.busy.push_back({w.number, w.stages, useful});
    }
    keep(periods_, std::move(p));
    before_ = std::move(m);
  }
  [[nodiscard]] auto periods() const noexcept -> std::size_t { return periods_.size(); }

  /// All that is kept, in the format of Chrome's trace events.
  [[nodiscard]] MILLRACE_COLD auto json() const -> std::string {
    std::string out = "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n{\"ph\":\"M\",\"pid\":1,\"name\":\"process_name\",\"args\":{\"name\":\"millrace\"}}";
    std::uint64_t named = 0;
    for (auto const& p : periods_) {
      for (std::size_t r = 0; r < p.depths.size(); ++r) out += ",\n{\"ph\":\"C\",\"pid\":1,\"ts\":" + us(p.to) + ",\"name\":\"ring " + std::to_string(r) + "\",\"args\":{\"depth\":" + std::to_string(p.depths[r]) + "}}";
      for (auto const& b : p.busy) {
        auto const thread = ",\"pid\":1,\"tid\":" + std::to_string(b.worker);
        if ((named >> b.worker & 1) == 0) out += ",\n{\"ph\":\"M\"" + thread + ",\"name\":\"thread_name\",\"args\":{\"name\":\"worker " + std::to_string(b.worker) + "\"}}";
        named |= std::uint64_t{1} << b.worker;
        out += ",\n{\"ph\":\"X\"" + thread + ",\"ts\":" + us(p.from) + ",\"dur\":" + us(b.ns) + ",\"name\":" + quoted(b.stages) + ",\"args\":{\"busy\":" + number(p.to > p.from ? b.ns / (p.to - p.from) : 0) + "}}";
      }
    }
    for (auto const& c : changes_)
      out += ",\n{\"ph\":\"i\",\"s\":\"g\",\"pid\":1,\"tid\":0,\"ts\":" + us(c.at) + ",\"name\":" + quoted(std::string{"plan: "} + c.why + (c.advice ? " (advice)" : "")) + ",\"args\":{\"workers before\":" + std::to_string(c.from) +
             ",\"workers\":" + std::to_string(c.to) + ",\"fullest worker\":" + number(c.utilisation) + ",\"gain promised\":" + number(c.gain) + "}}";
    return out + "\n]}\n";
  }

 private:
  struct share {
    std::size_t worker;
    std::string stages;
    double ns;
  };
  struct period {
    double from, to;
    std::vector<std::int64_t> depths;
    std::vector<share> busy;
  };
  struct change {
    double at;
    char const* why;
    bool advice;
    std::size_t from, to;
    double utilisation, gain;
  };

  template <typename T>
  void keep(std::deque<T>& all, T one) {
    if (all.size() == most_) all.pop_front();
    all.push_back(std::move(one));
  }
  static auto employed(plan const& p) noexcept -> std::size_t {
    std::size_t n = 0;
    for (std::size_t w = 0; w < p.workers(); ++w) n += p.employs(w);
    return n;
  }
  static auto us(double ns) -> std::string {
    char out[48];
    std::snprintf(out, sizeof out, "%.3f", ns / 1e3);
    return out;
  }
  /// JSON knows no infinity.
  static auto number(double x) -> std::string {
    char out[48];
    std::snprintf(out, sizeof out, "%.6g", x < 1e300 ? x : 1e300);
    return out;
  }
  static auto quoted(std::string_view text) -> std::string {
    std::string out = "\"";
    for (char const c : text) {
      if (static_cast<unsigned char>(c) < 0x20) {
        char escaped[8];
        std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned>(c));
        out += escaped;
        continue;
      }
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    return out + '"';
  }

  std::size_t most_;
  metrics before_;
  double last_decision_ = -1e300;
  std::deque<period> periods_;
  std::deque<change> changes_;
};

}  // namespace millrace
