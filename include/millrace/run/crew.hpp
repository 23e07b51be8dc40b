// SPDX-License-Identifier: MIT
// Pinned threads that run whatever runners give them. Several runners may share a crew.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <millrace/base/config.hpp>
#include <millrace/base/function_view.hpp>
#include <millrace/base/owned.hpp>
#include <millrace/place/binding.hpp>
#include <millrace/place/placement.hpp>
#include <millrace/place/topology.hpp>
#include <millrace/plan/plan.hpp>
#include <millrace/run/beds.hpp>
#include <millrace/run/job.hpp>
#include <millrace/sync/fork.hpp>
#include <millrace/sync/patience.hpp>
#include <millrace/sync/waiters.hpp>

namespace millrace {

struct workers_options {
  std::size_t max = 0;       ///< threads, at most 61; 0: one for each allowed processor, or one thread of the program's own
  place_options place{};     ///< which processors; empty: chosen near each other
  bool own_threads = false;  ///< none is started or pinned: threads of the program's own work, see runner::work_on_this_thread()
};

/// The crew itself. Owned by the `workers` object and by the runners that it serves.
template <typename Platform>
class crew {
 public:
  static constexpr std::size_t most = sleepers<Platform>::workers;

  MILLRACE_COLD explicit crew(workers_options const& o);
  [[nodiscard]] MILLRACE_COLD static auto made(workers_options const& o) -> std::shared_ptr<crew>;
  crew(crew const&) = delete;
  auto operator=(crew const&) -> crew& = delete;
  /// Called by  a thread that is no worker of this crew, when no runner is left.
  MILLRACE_COLD ~crew();

  [[nodiscard]] auto size() const noexcept -> std::size_t { return size_; }
  [[nodiscard]] auto where() const noexcept -> topology const& { return topology_; }
  [[nodiscard]] auto place() const noexcept -> place_options const& { return place_; }
  /// Memory that is used by the workers whom a plan employs comes from their nodes, if the crew was told so.
  MILLRACE_COLD void bind(void* memory, std::size_t bytes, plan const& p) const;
  /// The processor of a worker; -1: any.
  [[nodiscard]] auto cpu(std::size_t worker) const noexcept -> int { return cpus_[worker]; }
  /// What became of pinning it there; `unneeded` before it has started.
  [[nodiscard]] auto bound(std::size_t worker) const noexcept -> binding;
  /// The system's number of a worker's thread; 0 if it has not begun, or is the program's own.
  [[nodiscard]] auto thread_number(std::size_t worker) const noexcept -> std::int64_t;
  [[nodiscard]] auto where_they_sleep() const noexcept -> std::shared_ptr<beds<Platform>> const& { return beds_; }
  /// The worker has the job, or mail that may bring it.
  /// Called by  that worker.
  [[nodiscard]] auto serves(std::size_t worker, job const& j) const noexcept -> bool;
  /// The calling thread is one of these workers: it must not wait for them.
  [[nodiscard]] auto on_board() const noexcept -> bool { return Platform::current() == this; }

  /// Gives a worker a job, which must live until the worker has left it; starts its thread if it has none yet.
  /// Throws     std::system_error if no thread can be started; bad_call if 256 jobs wait to be taken up.
  MILLRACE_COLD void hire(std::size_t worker, job& j);

  // ---- threads of the program's own
  /// The calling thread is worker number `worker` until `done()` or the deadline, and sleeps if there is nothing to do. With
  /// `once` it has one turn. Between calls the worker holds nothing. Says whether events passed.
  /// Throws     bad_call if the crew has threads, on one of its workers, and while another thread is this worker.
  MILLRACE_COLD auto attend(std::size_t worker, std::int64_t deadline, bool once, function_view<bool()> done) -> bool;
  /// Waits until `done()` or the deadline, and says whether it is done. Where no thread of the program's own attends to a worker
  /// the calling thread does its work meanwhile: nobody else might.
  MILLRACE_COLD auto await(wait_policy const& how, event_count<Platform>& sleep, std::int64_t deadline, function_view<bool()> done, function_view<void()> announce) -> bool;

 private:
  static constexpr std::size_t expected_jobs = 16;
  enum class sitting : std::uint8_t { nobody, owner, helper };
  struct seat;

  static auto size_for(workers_options const& o) -> std::size_t;
  MILLRACE_COLD void dismiss(std::size_t worker);

  /// False: a helper sits there. Throws bad_call if the owner does and another one wants to.
  MILLRACE_COLD auto take_seat(std::size_t worker, sitting as) -> bool;
  class at_work;

  /// A worker's whole life.
  MILLRACE_COLD void run(std::size_t me);
  /// A look at each job. False: there was nothing to do.
  MILLRACE_COLD auto turn(std::size_t me) -> bool;
  /// After a turn without anything to do. True: looking does not help, rest.
  MILLRACE_COLD auto fruitless(std::size_t me) -> bool;
  /// Sleeps until there is something to do, `enough()`, or the deadline. Whoever is woken looks before he takes any lane: two
  /// workers of one lane would else wake each other for nothing, by putting it down.
  MILLRACE_COLD void rest(std::size_t me, std::int64_t deadline, function_view<bool()> enough);
  MILLRACE_COLD void lie_down(std::size_t me);
  MILLRACE_COLD auto look_again(std::size_t me, function_view<bool()> enough) -> prospect;
  MILLRACE_COLD auto due(std::size_t me, std::int64_t deadline) -> std::int64_t;
  /// A worker with several jobs waits as the most eager of them asks.
  MILLRACE_COLD static auto most_eager(std::vector<job*> const& jobs) -> wait_policy;

  static constexpr std::uint32_t lull_after = 1000;  // fruitless looks, unless it sleeps earlier

  static constexpr std::int64_t look_for_seats_every = 1'000'000;  // ns

  place_options place_;
  topology topology_;
  std::size_t size_;
  std::vector<int> cpus_;
  bool own_threads_;
  birthplace<Platform> birthplace_;
  typename Platform::mutex mutex_;
  std::shared_ptr<beds<Platform>> beds_;
  owned<seat[]> seats_;
};

/// Threads for runners, pinned near each other. They start when they are first needed, and sleep when there is nothing to do.
///
/// Called by  any thread; runners may be made and destroyed on different threads at once.
/// Costs      one topology discovery (milliseconds); a thread costs its stack, and asleep no processor time.
/// Throws     bad_call for more than 61 workers; bad_place for a processor that the process may not use.
template <typename Platform>
class basic_workers {
 public:
  explicit basic_workers(workers_options const& o = {}) : crew_{crew<Platform>::made(o)} {}
  [[nodiscard]] auto size() const noexcept -> std::size_t { return crew_->size(); }
  [[nodiscard]] auto shared() const noexcept -> std::shared_ptr<crew<Platform>> const& { return crew_; }

 private:
  std::shared_ptr<crew<Platform>> crew_;
};
using workers = basic_workers<std_platform>;

}  // namespace millrace

#ifndef MILLRACE_SEPARATE_COMPILATION
#include <millrace/run/crew.ipp>
#endif
