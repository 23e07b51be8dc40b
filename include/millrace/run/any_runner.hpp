// SPDX-License-Identifier: MIT
// A runner without the pipeline's type: for class members and separate compilation. Names neither runner nor sentence, so a header
// that declares a member of it is compiled quickly; the umbrella, or runner.hpp and snapshot.hpp, are for the file that makes it.
#pragma once
#include <cstddef>
#include <thread>  // std::chrono::nanoseconds, at half the price of <chrono>
#include <type_traits>
#include <utility>

#include <millrace/base/errors.hpp>
#include <millrace/base/owned.hpp>
#include <millrace/base/status.hpp>
#include <millrace/plan/grouping.hpp>
#include <millrace/plan/plan.hpp>
#include <millrace/run/any_input.hpp>
#include <millrace/run/metrics.hpp>
#include <millrace/run/report.hpp>

namespace millrace {

/// Its snapshot is found with the runner, where that is made.
template <typename Runner>
auto snapshot_of(Runner const& run) -> metrics { return snapshot(run); }

/// Holds a runner: `any_runner run{mr::runner{std::move(sentence), crew}}`. Members do, wait and throw as those of the runner do, at
/// the price of an indirect call; events pass as if it were not there.
///
/// Throws     bad_call from all of them if it is empty: default-constructed, or moved from.
class any_runner {
 public:
  any_runner() = default;
  template <typename Runner>
    requires(!std::is_same_v<std::remove_cvref_t<Runner>, any_runner> && !std::is_lvalue_reference_v<Runner>)
  explicit any_runner(Runner&& run) : to_{new hidden<Runner>{std::move(run)}} {}

  [[nodiscard]] explicit operator bool() const noexcept { return to_ != nullptr; }

  void start() { it().start(); }
  auto apply(grouping const& wanted) -> status { return it().apply(wanted); }
  [[nodiscard]] auto current_plan() const -> plan { return it().current_plan(); }
  [[nodiscard]] auto flush() -> status { return it().flush(); }
  [[nodiscard]] auto flush_within(std::chrono::nanoseconds d) -> status { return it().flush_within(d); }
  auto finish() -> report { return it().finish(); }
  auto finish_within(std::chrono::nanoseconds d) -> report { return it().finish_within(d); }
  void stop() { it().stop(); }
  void work_on_this_thread(std::size_t worker = 0) { it().work_on_this_thread(worker); }
  auto work_for(std::chrono::nanoseconds d, std::size_t worker = 0) -> bool { return it().work_for(d, worker); }
  auto work_some(std::size_t worker = 0) -> bool { return it().work_some(worker); }
  /// The same as `mr::snapshot` of the runner.
  [[nodiscard]] auto snapshot() const -> metrics { return it().look(); }

  /// Throws     bad_call if the runner takes no events of type T from outside; what its input() throws.
  template <typename T>
  [[nodiscard]] auto input() -> any_input<T> {
    any_input<T> in;
    if (!it().lend_input(&type_of<T>, &in)) throw bad_call{"millrace: this runner takes no events of that type from outside"};
    return in;
  }

 private:
  template <typename T>
  static constexpr char type_of = 0;  // its address stands for the type

  struct shown {
    virtual ~shown() = default;
    virtual void start() = 0;
    virtual auto apply(grouping const&) -> status = 0;
    [[nodiscard]] virtual auto current_plan() const -> plan = 0;
    virtual auto flush() -> status = 0;
    virtual auto flush_within(std::chrono::nanoseconds) -> status = 0;
    virtual auto finish() -> report = 0;
    virtual auto finish_within(std::chrono::nanoseconds) -> report = 0;
    virtual void stop() = 0;
    virtual void work_on_this_thread(std::size_t) = 0;
    virtual auto work_for(std::chrono::nanoseconds, std::size_t) -> bool = 0;
    virtual auto work_some(std::size_t) -> bool = 0;
    [[nodiscard]] virtual auto look() const -> metrics = 0;
    virtual auto lend_input(void const* type, void* any_input_of_it) -> bool = 0;
  };
  template <typename Runner>
  struct hidden final : shown {
    Runner run;
    explicit hidden(Runner&& r) noexcept : run{std::move(r)} {}
    void start() override { run.start(); }
    auto apply(grouping const& wanted) -> status override { return run.apply(wanted); }
    [[nodiscard]] auto current_plan() const -> plan override { return run.current_plan(); }
    auto flush() -> status override { return run.flush(); }
    auto flush_within(std::chrono::nanoseconds d) -> status override { return run.flush_within(d); }
    auto finish() -> report override { return run.finish(); }
    auto finish_within(std::chrono::nanoseconds d) -> report override { return run.finish_within(d); }
    void stop() override { run.stop(); }
    void work_on_this_thread(std::size_t worker) override { run.work_on_this_thread(worker); }
    auto work_for(std::chrono::nanoseconds d, std::size_t worker) -> bool override { return run.work_for(d, worker); }
    auto work_some(std::size_t worker) -> bool override { return run.work_some(worker); }
    [[nodiscard]] auto look() const -> metrics override { return snapshot_of(run); }
    auto lend_input([[maybe_unused]] void const* type, [[maybe_unused]] void* into) -> bool override {
      using event = typename Runner::event;
      if constexpr (!Runner::engine_type::segment::own_source) {
        if (type != &type_of<event>) return false;
        *static_cast<any_input<event>*>(into) = any_input<event>{run.input()};
        return true;
      } else {
        return false;
      }
    }
  };

  [[nodiscard]] auto it() const -> shown& {
    if (to_ == nullptr) throw bad_call{"millrace: an any_runner without a runner"};
    return *to_;
  }

  owned<shown> to_;
};

}  // namespace millrace
