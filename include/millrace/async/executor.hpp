// SPDX-License-Identifier: MIT
// Who calls what is to be called with a reply, and who resumes coroutines: an executor, that is anything to which work can be posted.
#pragma once
#include <concepts>
#include <cstdint>

#include <millrace/sync/event_count.hpp>
#include <millrace/sync/flag_set.hpp>
#include <millrace/sync/patience.hpp>
#include <millrace/sync/work_box.hpp>

namespace millrace {

/// `post(w)` has `w.run(&w)` called once, soon, by the executor's thread. `take_back(w)` is called by that thread, when what `w` is part
/// of is to be destroyed: see work_box.
template <typename E>
concept executor = requires(E& e, work& w) {
  { e.post(w) } noexcept;
  { e.take_back(w) } noexcept -> std::same_as<work::place>;
};

/// An executor that a thread of the program runs. It must outlive the runners whose replies come here.
template <typename Platform>
class basic_loop {
 public:
  explicit basic_loop(wait_policy const& wait = {}) noexcept : look_{wait} {}
  basic_loop(basic_loop const&) = delete;
  auto operator=(basic_loop const&) -> basic_loop& = delete;

  /// Called by  anybody.
  /// Waits      never.
  /// Costs      a read-modify-write; another one, and a system call if the loop sleeps, when it was empty.
  void post(work& w) noexcept {
    if (box_.push(w)) bed_.alert();
  }
  /// Called by  the thread that runs the loop, or whoever has it when nobody does.
  auto take_back(work& w) noexcept -> work::place { return box_.take_back(w); }

  /// Runs what is there, one of it; says whether there was something.
  auto run_one() -> bool {
    auto* const w = box_.pop();
    if (w == nullptr) return false;
    w->run(w);
    return true;
  }
  /// Runs what is posted until stop(), then what is left.
  /// Waits      as the wait policy says.
  void run() {
    run_until([] { return false; });
  }
  /// The same until `done()` too, which is asked behind each piece of work.
  template <typename Done>
  void run_until(Done done) {
    while (!done()) {
      if (run_one()) {
        look_.busy();
        continue;
      }
      if (ends()) return;
      static_cast<void>(wait_until<Platform>(look_, bed_, for_ever, [&] { return !box_.empty() || ends(); }, [] {}));
    }
  }
  /// run() returns when it has nothing to do. For ever.
  /// Called by  anybody.
  void stop() noexcept {
    static_cast<void>(ends_.raise(0));
    bed_.alert();
  }

 private:
  [[nodiscard]] auto ends() const noexcept -> bool { return ends_.raised() != 0; }

  work_box<Platform> box_;
  event_count<Platform> bed_;
  flag_set<Platform> ends_;
  patience<Platform> look_;
};
using loop = basic_loop<std_platform>;

/// The worker that answers, itself: said where who is resumed, or called, may do so there and then, in the middle of a batch. As a
/// handler does it must not wait; it may publish, and is told if there is no room.
struct on_the_worker {
  static void post(work& w) noexcept { w.run(&w); }
  static auto take_back(work&) noexcept -> work::place { return work::idle; }
};
inline constexpr on_the_worker the_worker{};

}  // namespace millrace
