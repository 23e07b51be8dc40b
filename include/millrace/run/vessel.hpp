// SPDX-License-Identifier: MIT
// What of an engine does not depend on its pipeline: the plan that hangs there, how far its life has come, who has come aboard, how it ends.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>

#include <millrace/base/config.hpp>
#include <millrace/base/function_view.hpp>
#include <millrace/plan/plan.hpp>
#include <millrace/run/beds.hpp>
#include <millrace/run/crossing.hpp>
#include <millrace/run/guest_book.hpp>
#include <millrace/run/job.hpp>
#include <millrace/run/lifecycle.hpp>
#include <millrace/run/pilot.hpp>
#include <millrace/run/plan_board.hpp>
#include <millrace/run/report.hpp>
#include <millrace/sync/fork.hpp>
#include <millrace/sync/waiting_crews.hpp>

namespace millrace {

template <typename Platform>
class vessel : public job {
 public:
  [[nodiscard]] auto others() noexcept -> event_count<Platform>& { return others_; }
  [[nodiscard]] auto course() noexcept -> lifecycle<Platform>& { return course_; }
  [[nodiscard]] auto course() const noexcept -> lifecycle<Platform> const& { return course_; }
  [[nodiscard]] auto workers() const noexcept -> std::size_t { return workers_; }
  /// Nanoseconds since it was made.
  [[nodiscard]] auto elapsed() const noexcept -> std::int64_t { return Platform::now() - begun_; }
  [[nodiscard]] auto board() noexcept -> plan_board<Platform>& { return board_; }
  [[nodiscard]] auto board() const noexcept -> plan_board<Platform> const& { return board_; }
  /// Who looks at the state of stages does so one at a time.
  [[nodiscard]] auto visits() noexcept -> auto& { return visits_; }
  [[nodiscard]] auto book() noexcept -> guest_book<Platform>& { return book_; }
  /// Identifies the crew that runs it.
  [[nodiscard]] auto home() const noexcept -> void const* { return home_; }

  /// See plan_board.
  MILLRACE_COLD auto post(plan const& p, function_view<void(std::size_t)> hire) -> status;
  /// Lets a paused engine run. Throws what `hire` throws: then it has ended.
  MILLRACE_COLD void start(function_view<void(std::size_t)> hire);
  /// From now on `who` is asked to look between batches.
  /// Throws     bad_call if somebody is already.
  MILLRACE_COLD void fly(std::shared_ptr<pilot> who);
  MILLRACE_COLD void stop();
  /// All that has entered is to pass.
  MILLRACE_COLD void drain();
  /// A guest has thrown: that stops the pipeline, as if it were a stage.
  MILLRACE_COLD void fail(failure const& what) noexcept;
  /// How it went so far. Whoever has not come back yet may do so just now: of each ring one look says what is done, and by that what is left.
  [[nodiscard]] MILLRACE_COLD auto how_it_went() -> report;
  /// `f(entry, at)` for each tap and reader that is there, and how far it is.
  MILLRACE_COLD void each_guest(function_view<void(guest_entry<Platform> const&, sequence)> f) const;
  /// Where the `size` workers of another crew, who sleep in `theirs`, wait for room here.
  /// Throws     bad_call if workers of too many crews publish into it; std::bad_alloc.
  MILLRACE_COLD auto crossing_from(std::shared_ptr<beds<Platform>> const& theirs, std::size_t size) -> crossing<Platform>&;

  // ---- the producer's side
  /// A producer that waits for room waits for workers: for ever, if it is one of them, or while none of them runs.
  [[nodiscard]] MILLRACE_COLD auto would_wait_for_itself() const noexcept -> bool;
  /// Held while a producer waits; false: it is a worker of a crew for which this one waits, and must not. See waiting_crews.
  using wait_of_a_worker = typename waiting_crews<Platform>::wait;
  [[nodiscard]] auto wait_in_line() const -> wait_of_a_worker { return {Platform::current(), home_}; }
  /// In a child made by fork() there is nobody to wait for.
  [[nodiscard]] auto is_here() const noexcept -> bool { return birthplace_.here(); }
  MILLRACE_COLD void refuse_elsewhere() const;

  void leave(std::size_t) noexcept final;

 protected:
  MILLRACE_COLD vessel(std::size_t stages, std::size_t crew_size, wait_policy const& wait, void const* home, std::shared_ptr<beds<Platform>> beds);
  vessel(vessel const&) = delete;
  auto operator=(vessel const&) -> vessel& = delete;
  MILLRACE_COLD ~vessel();

  // Of the ring that events enter:
  [[nodiscard]] virtual auto entry() noexcept -> sleepers<Platform>& = 0;
  virtual void shut_entry() noexcept = 0;
  virtual void end_entry() noexcept = 0;
  /// Nobody closes the stages of a runner that was stopped before it ran: who waits for replies is told here.
  virtual void sweep() noexcept = 0;
  // Of all rings:
  virtual auto seat(crossing<Platform>& who) noexcept -> bool = 0;
  [[nodiscard]] virtual auto how_far(guest_entry<Platform> const& guest) const noexcept -> sequence = 0;
  virtual void count(report& r) = 0;
  [[nodiscard]] virtual auto stages_planned() const noexcept -> stage_list = 0;

  lifecycle<Platform> course_;
  event_count<Platform> others_;  // where the producer sleeps, and who waits for a flush or the end
  std::int64_t begun_ = Platform::now();
  std::size_t workers_;
  void const* home_;
  std::shared_ptr<beds<Platform>> beds_;
  birthplace<Platform> birthplace_;
  std::shared_ptr<pilot> pilot_;  // under the board's lock
  plan_board<Platform> board_{course_};
  guest_book<Platform> book_;
  typename Platform::mutex visits_;
  crossings<Platform> crossings_;

 private:
  /// Closes what those were to close who could not be hired, so that the others can leave.
  MILLRACE_COLD void close_for_the_missing() noexcept;
};

}  // namespace millrace

#ifndef MILLRACE_SEPARATE_COMPILATION
#include <millrace/run/vessel.ipp>
#endif
