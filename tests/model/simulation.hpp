// SPDX-License-Identifier: MIT
// One run: threads as fibers, a virtual clock, and the point before every shared access at which another thread may go on.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/clock.hpp"
#include "model/fiber.hpp"
#include "model/names.hpp"
#include "model/strategy.hpp"

namespace millrace::model {

class location;

/// No deadline.
inline constexpr std::int64_t no_deadline = INT64_MAX;

/// What may be done to a run besides choosing its schedule.
struct conditions {
  std::array<bool, most_sites> weakened{};  // the order at this site is relaxed, the barrier is left out
  std::string defect;                       // a mistake that scenarios make when asked to
  bool spurious = true;                     // sleepers may wake for no reason, in half of the runs
  std::uint32_t most_steps = 10'000;        // more is a livelock
};

/// How a run ended.
struct outcome {
  std::string failure;             // empty: well
  std::vector<std::string> trace;  // if asked for
  std::uint32_t steps = 0;
};

/// What a thread runs. A class of our own instead of std::function: it may hold what can only be moved.
struct task {
  virtual ~task() = default;
  virtual void run() = 0;
};

struct thread_record {
  fiber context;
  clock knows{};           // happens before what the thread does next
  clock may_acquire{};     // read by relaxed loads; an acquire fence would add it to the above
  clock at_fence{};        // what the last release fence covers
  clock at_light{};        // what the last light barrier covers
  std::uint32_t heavy_seen = 0;
  std::size_t last_site = most_sites;  // for the trace
  void const* waits_for = nullptr;
  char const* waits_how = "";
  std::int64_t deadline = no_deadline;
  bool timed_out = false;
  void const* current = nullptr;
  char const* name = "";
  std::unique_ptr<task> body;
};

class simulation {
 public:
  simulation() = default;
  simulation(simulation const&) = delete;
  auto operator=(simulation const&) -> simulation& = delete;

  /// Runs `scenario` on thread 0 with these choices.
  auto run(void (*scenario)(), schedule const& choices, conditions const& how, bool trace = false) -> outcome;
  [[nodiscard]] auto choices() noexcept -> strategy& { return strategy_; }

  // ---- called by what the library sees as the machine

  /// True between the first and the last step of a run: accesses are steps.
  [[nodiscard]] auto running() const noexcept -> bool { return running_; }
  [[nodiscard]] auto number() const noexcept -> std::uint32_t { return number_; }
  [[nodiscard]] auto self() const noexcept -> unsigned { return current_; }
  [[nodiscard]] auto me() noexcept -> thread_record& { return threads_[current_]; }
  [[nodiscard]] auto record(unsigned t) noexcept -> thread_record& { return threads_[t]; }
  /// Only this thread is left: nobody else can have an old view.
  [[nodiscard]] auto alone() const noexcept -> bool { return (alive_ & (alive_ - 1)) == 0; }
  [[nodiscard]] auto count() const noexcept -> unsigned { return count_; }
  [[nodiscard]] auto alive(unsigned t) const noexcept -> bool { return (alive_ >> t & 1) != 0; }

  /// Before each shared access: somebody else may run.
  void point() noexcept {
    if (!running_) return;
    if (++steps_ > most_steps_) too_long();
    now_ += step_time;
    if (steps_ >= alarm_) [[unlikely]] return come_to_the_moment();
    if ((ready_ & (ready_ - 1)) == 0 && (timed_ | light_sleepers_) == 0) return;  // nobody else could
    go(choose());
  }
  /// Something that takes a turn and lets nobody else run.
  void count_step() noexcept {
    if (running_ && ++steps_ > most_steps_) too_long();
  }
  /// There is nothing to do for this thread until another has made progress.
  void hint() noexcept;
  /// Something changed that a spinning thread may have waited for.
  void progress() noexcept { spinning_ = 0; }
  /// This thread sleeps until `wake(on)` or the deadline. Says whether it was woken, not timed out.
  auto block(void const* on, char const* how, std::int64_t deadline, bool may_wake_for_nothing) noexcept -> bool;
  void wake(void const* on) noexcept;
  /// Sleeps until everybody else does; if they never do that is a livelock.
  void wait_for_quiet() noexcept { static_cast<void>(block(&quiet_, "until all others sleep", no_deadline, false)); }
  /// Sleeps until the step that the schedule calls the moment, and goes on there at once; or until nothing else happens any more.
  void wait_for_moment() noexcept;
  /// The run had a step of that number, and went on with who waited for it.
  [[nodiscard]] auto moment_came() const noexcept -> bool { return moment_came_; }
  [[nodiscard]] auto now() noexcept -> std::int64_t { return now_ += clock_time; }

  [[nodiscard]] auto spawn(std::unique_ptr<task> body) -> unsigned;
  void join(unsigned t) noexcept;

  /// The run has failed; does not return.
  [[noreturn]] void fail(std::string what) noexcept;

  [[nodiscard]] auto weakened(site s) const noexcept -> bool { return weakened_[static_cast<std::size_t>(s)]; }
  /// Reached a site: counted, and named by the next line of the trace.
  void at(site s) noexcept {
    ++reached_[static_cast<std::size_t>(s)];
    me().last_site = static_cast<std::size_t>(s);
  }
  [[nodiscard]] auto reached(std::size_t s) const noexcept -> std::uint64_t { return reached_[s]; }
  [[nodiscard]] auto has_defect(std::string_view d) const noexcept -> bool { return defect_ == d; }
  [[nodiscard]] auto asymmetric() const noexcept -> bool { return asymmetric_; }
  void asymmetric(bool yes) noexcept { asymmetric_ = yes; }

  // ---- locations with several values, for the barriers
  void enlist(location& l) { histories_.push_back(&l); }
  void forget(location& l) noexcept;
  [[nodiscard]] auto histories() noexcept -> std::vector<location*>& { return histories_; }

  // ---- trace
  [[nodiscard]] auto tracing() const noexcept -> bool { return tracing_; }
  void name_range(void const* from, std::size_t bytes, std::string name);
  [[nodiscard]] auto name_at(void const* where) const -> std::string;
  [[nodiscard]] auto thread_name(unsigned t) const -> std::string;
  /// `order` may be null. Adds the site that was reached last.
  void note(char const* what, void const* where, long long value, char const* order = nullptr);
  void note(std::string line);
  void no_note() noexcept { me().last_site = most_sites; }

 private:
  static constexpr std::int64_t step_time = 20, clock_time = 25, idle_time = 1'000;  // nanoseconds
  static constexpr unsigned seldom = 16;
  static constexpr std::size_t stack_bytes = std::size_t{256} << 10, main_stack_bytes = std::size_t{2} << 20;

  struct range {
    void const* from;
    std::size_t bytes;
    std::string name;
  };

  static constexpr char quiet_ = 0, at_the_moment_ = 0;  // their addresses
  static constexpr std::uint32_t no_alarm = UINT32_MAX;

  static void entry() noexcept;
  [[nodiscard]] auto choose() noexcept -> unsigned;
  void come_to_the_moment() noexcept;
  void go(unsigned next) noexcept;
  [[noreturn]] void leave() noexcept;
  [[noreturn]] void end_thread() noexcept;
  void ready(unsigned t) noexcept;
  void fire(unsigned t) noexcept;  // the time of a sleeper is up
  [[nodiscard]] auto earliest() const noexcept -> unsigned;
  [[nodiscard]] auto pick_timer() noexcept -> unsigned;
  [[noreturn]] void too_long() noexcept;
  [[nodiscard]] auto who_waits() const -> std::string;

  std::array<thread_record, most_threads> threads_;
  fiber home_;
  strategy strategy_;
  bool running_ = false, tracing_ = false, asymmetric_ = true, may_wake_for_nothing_ = false;
  unsigned current_ = 0, count_ = 0;
  thread_mask ready_ = 0, spinning_ = 0, timed_ = 0, light_sleepers_ = 0, alive_ = 0;
  std::uint32_t steps_ = 0, most_steps_ = 0, number_ = 0;
  std::uint32_t moment_ = drawn_moment, alarm_ = no_alarm;  // the alarm is set while somebody waits for the moment
  bool moment_came_ = false;
  std::int64_t now_ = 0;
  void (*scenario_)() = nullptr;
  std::array<bool, most_sites> weakened_{};
  std::array<std::uint64_t, most_sites> reached_{};
  std::string defect_, failure_;
  std::vector<location*> histories_;
  std::vector<range> ranges_;
  std::vector<std::string> trace_;
};

/// The run under way; there is one at a time.
extern simulation world;

/// A condition of the scenario.
inline void check(bool holds, std::string_view what) {
  if (!holds) world.fail("check failed: " + std::string{what});
}

/// A choice of the scenario's own, made by the schedule: one of 0 … n - 1.
inline auto one_of(unsigned n) noexcept -> unsigned {
  world.count_step();
  return world.choices().any(n);
}

/// Names an object, and what lies in it, for the trace.
template <typename T>
void name(T const& object, char const* text) {
  if (world.tracing()) world.name_range(&object, sizeof(T), text);
}
/// Names this thread for the trace.
inline void this_is(char const* name) noexcept { world.me().name = name; }

/// Whether this run has the mistake `d` that a test asked for.
[[nodiscard]] inline auto defect(std::string_view d) noexcept -> bool { return world.has_defect(d); }

}  // namespace millrace::model
