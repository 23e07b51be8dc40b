// SPDX-License-Identifier: MIT
// A pipeline in the storm, whatever its type: what the storm does to it, and asks of it.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <millrace/plan/grouping.hpp>
#include <millrace/run/crew.hpp>
#include <millrace/run/report.hpp>
#include <millrace/run/runner.hpp>

#include "storm/handlers.hpp"

namespace storm {

enum class publishing : std::uint8_t { one, several, try_one, try_several, timed, up_to, try_up_to };
inline constexpr std::uint64_t publishings = 7;

class subject {
 public:
  subject() = default;
  subject(subject const&) = delete;
  auto operator=(subject const&) -> subject& = delete;
  virtual ~subject() = default;

  [[nodiscard]] virtual auto stages() const -> millrace::stage_list = 0;
  enum class kind : std::uint8_t { in_batches, expands, of_the_first_ring, may_fail, shared };
  [[nodiscard]] virtual auto is(kind k, std::size_t stage) const -> bool = 0;

  // ---- the runner's life
  /// A runner on `crew`; its handlers live in `w`, which is told which stages wait for which.
  virtual void make(world& w, millrace::workers& crew, millrace::runner_options const& o) = 0;
  virtual void start() = 0;
  virtual auto apply(millrace::grouping const& plan) -> millrace::status = 0;
  virtual auto flush() -> millrace::status = 0;
  virtual auto finish() -> millrace::report = 0;
  virtual auto finish_within(std::chrono::nanoseconds d) -> millrace::report = 0;
  virtual void stop() = 0;
  virtual void destroy() = 0;
  /// Somebody may look at what a stage keeps, behind one event. What is wrong with it then; empty: nothing.
  [[nodiscard]] virtual auto keeps() const -> bool = 0;
  virtual auto look() -> std::string = 0;

  // ---- its producers, who have a handle each between these two
  virtual void open() = 0;
  virtual void close() = 0;
  /// Of `producers` the k-th event of producer p has the number k * producers + p. From the `first` on. Returns how many were accepted.
  virtual auto publish(std::size_t producer, publishing how, std::size_t n, std::uint64_t first) -> millrace::published = 0;

  // ---- also when the runner is gone
  /// How many events a stage has passed, and how many all of the first ring.
  [[nodiscard]] virtual auto reached(std::size_t stage) const -> std::uint64_t = 0;
  [[nodiscard]] virtual auto done() const -> std::uint64_t = 0;
  /// Cursors, holders, who waits for what, the plan, the workers. For a stall: it reads what belongs to workers.
  [[nodiscard]] virtual auto state() -> std::string = 0;

  /// The same pipeline with its handlers in `w`, sequentially, over the first `events[p]` events of each producer p. `before()` is called when the handlers
  /// are there.
  virtual void run_sequentially(world& w, std::vector<std::uint64_t> const& events, std::function<void()> const& before) const = 0;
};

struct shape {
  char const* name;
  bool own_source;
  std::size_t stages;
  std::size_t least_workers;     // that its constraints ask for
  bool constrained;
  std::size_t producers;
  std::unique_ptr<subject> (*make)();
};

auto short_shapes() -> std::vector<shape>;
auto value_shapes() -> std::vector<shape>;
auto batch_shapes() -> std::vector<shape>;
auto source_shapes() -> std::vector<shape>;
auto long_shapes() -> std::vector<shape>;
auto stumbling_shapes() -> std::vector<shape>;
auto shared_shapes() -> std::vector<shape>;
auto producer_shapes() -> std::vector<shape>;
auto grown_shapes() -> std::vector<shape>;
auto more_grown_shapes() -> std::vector<shape>;

inline auto all_shapes() -> std::vector<shape> {
  std::vector<shape> all;
  for (auto const& some : {short_shapes(), value_shapes(), batch_shapes(), source_shapes(), long_shapes(), stumbling_shapes(), shared_shapes(), producer_shapes(), grown_shapes()}) all.insert(all.end(), some.begin(), some.end());
  return all;
}

}  // namespace storm
