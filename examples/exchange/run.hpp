// SPDX-License-Identifier: MIT
// The ways to run it: as the exchange, as a replica, from a journal, and by hand.
#pragma once
#include <millrace.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <future>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "flow.hpp"
#include "options.hpp"
#include "pipeline.hpp"
#include "tape.hpp"

namespace exchange {

/// Stage "publish".
struct publisher {
  tape* to;
  bool timed;
  void operator()(leg const& l) const { to->add(l, timed && l.taker ? now_ns() : 0); }
  void on_idle() const { to->flush(); }
};

inline void say(std::uint64_t orders, tape const& published, digest const& d) {
  std::printf("%llu orders, %zu trades, %zu legs over the limit, %zu orders wait, state %016llx\n", static_cast<unsigned long long>(orders), published.trades(), published.over_limit(),
              d.waiting(), static_cast<unsigned long long>(d.value()));
}

[[nodiscard]] inline auto plan_called(std::string_view name) -> mr::grouping {
  if (name == "fused") return mr::fused;
  if (name == "spread") return mr::spread;
  if (name == "two") return mr::groups{{"decode", "match", "legs", "risk", "publish"}, {"journal", "replicate"}};
  if (name == "shared") return mr::groups{{"decode", "match", "legs", "risk", "publish"}, {"journal", "replicate", "decode", "match", "risk"}};
  throw std::invalid_argument{"no plan is called " + std::string{name}};
}

/// Each line of the file that is one: `f(line)` returns whether it wants more.
template <typename F>
void each_line(std::string const& path, F f) {
  std::ifstream file{path};
  if (!file) throw std::runtime_error{"cannot read " + path};
  for (std::string line; std::getline(file, line);)
    if (!line.empty() && !f(line)) return;
}

/// When the orders of one producer are to come.
class pace {
 public:
  explicit pace(double per_second) : each_ns_{per_second == 0 ? 0 : 1e9 / per_second} {}
  /// Waits for the next order's time, and returns it. Who comes too late does not come later for that: that is time the order took.
  [[nodiscard]] auto next() -> std::int64_t {
    if (each_ns_ == 0) return now_ns();
    auto const due = begin_ + static_cast<std::int64_t>(each_ns_ * static_cast<double>(n_++));
    if (auto const early = due - now_ns(); early > 0) std::this_thread::sleep_for(std::chrono::nanoseconds{early});
    return due;
  }

 private:
  double each_ns_, n_ = 0;
  std::int64_t begin_ = now_ns();
};

/// Producers of the exchange: one for a file, or as many as wanted that make orders up.
template <typename Runner>
void produce(Runner& run, options const& o) {
  auto const publish = [](auto& in, std::string_view line, std::int64_t entered) {
    return in.publish([&](entry& e) { e.set_line(line), e.entered_ns = entered; }) == mr::status::ok;
  };
  if (!o.file.empty()) {
    pace when{static_cast<double>(o.rate)};
    each_line(o.file, [&, in = run.input()](std::string const& line) mutable { return publish(in, line, when.next()); });
    return;
  }
  std::vector<std::thread> threads;
  for (std::size_t p = 0; p != o.producers; ++p)
    threads.emplace_back([&, p, in = run.input()]() mutable {
      pace when{static_cast<double>(o.rate) / static_cast<double>(o.producers)};
      flow made_up{o.seed + p, p + 1, o.producers};
      for (auto i = p; i < o.orders; i += o.producers)
        if (!publish(in, format(made_up.next()), when.next())) return;
    });
  for (auto& t : threads) t.join();
}

// [primary]
/// Returns the exit status.
inline auto run_exchange(options const& o) -> int {
  journal disk{o.journal};
  replica other{o.replicate};
  tape published{o.trades};
  mr::workers crew;
  mr::runner run{primary(disk, other, publisher{&published, true}), crew, {.capacity = 16384, .plan = plan_called(o.plan), .paused = true}};

  auto const beside = [&](auto work) {  // on a thread of its own; if it fails all stops
    return std::async(std::launch::async, [&run, work] {
      try {
        work();
      } catch (...) {
        run.stop();
        throw;
      }
    });
  };
  other.acknowledge_by(run.template acknowledger<"replicate">());
  auto flushing = beside([&] { disk.flush_all(run.template acknowledger<"journal">()); });
  auto hearing = beside([&] { other.hear(); });
  run.start();

  auto const begin = now_ns();
  produce(run, o);
  auto const report = run.finish();  // all is flushed, received, matched and published
  auto const seconds = static_cast<double>(now_ns() - begin) * 1e-9;
  disk.end();
  other.end();
  flushing.get();
  hearing.get();
  report.rethrow();
  // [/primary]

  auto const state = digest_of(run);
  say(static_cast<std::uint64_t>(report.done), published, state);
  std::printf("%.0f orders/s, %zu flushes; from an order to its trades 50 %%: %.0f us, 99 %%: %.0f us, 99.9 %%: %.0f us\n", static_cast<double>(report.done) / seconds, disk.flushes(),
              published.took().at(0.5), published.took().at(0.99), published.took().at(0.999));
  std::printf("the last trades:\n%s%s", published.last_trades().c_str(), mr::text(mr::snapshot(run)).c_str());
  if (!other.is_there()) return 0;
  bool const same = other.digest() == state.value();
  std::printf("the replica has %s\n", same ? "the same state" : "ANOTHER STATE");
  return same ? 0 : 1;
}

/// Orders go through the pipeline as they come: `feed(publish)` calls `publish(order const*, n)`. Returns the state.
template <typename Feed>
auto follow(tape& published, Feed feed) -> digest {
  mr::runner run{follower(publisher{&published, false}), {.plan = mr::spread}};
  auto in = run.input();
  feed([&](order const* orders, std::size_t n) {
    for (std::size_t done = 0; done != n;) {
      auto const some = std::min<std::size_t>(n - done, 256);
      if (in.publish(some, [&](entry& e, std::size_t i) { e.what = orders[done + i]; }) != mr::status::ok) break;
      done += some;
    }
  });
  run.finish().rethrow();
  return digest_of(run);
}

inline void run_replica(std::uint16_t port, tape& published) {
  auto const primary = connection::from_anybody(port, [](std::uint16_t chosen) { std::printf("%u\n", chosen), std::fflush(stdout); });
  std::uint64_t n = 0;
  auto const state = follow(published, [&](auto publish) { n = serve(primary, [&](std::vector<order> const& orders) { publish(orders.data(), orders.size()); }); });
  say(n, published, state);
  answer const last{n, state.value()};
  try {
    primary.send(&last, sizeof last);
  } catch (std::system_error const&) {
    std::puts("the primary is gone");
  }
}

inline void replay(std::string const& path, tape& published) {
  std::uint64_t n = 0;
  auto const state = follow(published, [&](auto publish) { n = read_journal(path, [&](order const& o) { publish(&o, 1); }); });
  say(n, published, state);
}

inline void run_by_hand(std::string const& path, std::size_t first, tape& published) {
  by_hand all;
  std::size_t n = 0;
  each_line(path, [&](std::string const& line) {
    if (n == first) return false;
    all.enter(parse(line), [&](leg const& l) { published.add(l, 0); });
    ++n;
    return true;
  });
  say(n, published, all.state());
}

inline void write_flow(options const& o) {
  std::ofstream file{o.write};
  flow made_up{o.seed};
  for (std::size_t i = 0; i != o.orders; ++i) file << format(made_up.next()) << '\n';
  if (!file.flush()) throw std::runtime_error{"cannot write " + o.write};
}

}  // namespace exchange
