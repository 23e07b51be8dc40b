// SPDX-License-Identifier: MIT
// Pinned threads that run whatever runners give them. Several runners may share a crew.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <millrace/base/cache_line.hpp>
#include <millrace/base/config.hpp>
#include <millrace/base/errors.hpp>
#include <millrace/base/message.hpp>
#include <millrace/place/allowed.hpp>
#include <millrace/place/pin.hpp>
#include <millrace/place/placement.hpp>
#include <millrace/place/thread_name.hpp>
#include <millrace/place/topology.hpp>
#include <millrace/run/job.hpp>
#include <millrace/sync/mailbox.hpp>
#include <millrace/sync/patience.hpp>
#include <millrace/sync/tally.hpp>
#include <millrace/sync/waiters.hpp>

namespace millrace {

struct workers_options {
  std::size_t max = 0;    ///< threads, at most 61; 0: one for each allowed processor
  place_options place{};  ///< which processors; empty: chosen near each other
};

/// The crew itself. Owned by the `workers` object and by the runners that it serves.
template <typename Platform>
class crew {
 public:
  static constexpr std::size_t most = sleepers<Platform>::workers;

  MILLRACE_COLD explicit crew(workers_options const& o)
      : topology_{o.place.pin || o.place.bind_memory || !o.place.cpus.empty() ? topology::machine() : topology{}},
        size_{size_for(o.max)},
        cpus_{choose_cpus(topology_, size_, o.place)}, place_{o.place} {
    seats_ = std::make_unique<seat[]>(size_);
  }
  crew(crew const&) = delete;
  auto operator=(crew const&) -> crew& = delete;
  /// Called by  a thread that is no worker of this crew, when no runner is left.
  MILLRACE_COLD ~crew() {
    for (std::size_t i = 0; i < size_; ++i) {
      if (!seats_[i].started) continue;
      dismiss(i);
      seats_[i].thread.join();
    }
  }

  [[nodiscard]] auto size() const noexcept -> std::size_t { return size_; }
  [[nodiscard]] auto where() const noexcept -> topology const& { return topology_; }
  [[nodiscard]] auto place() const noexcept -> place_options const& { return place_; }
  /// The processor of a worker; -1: any.
  [[nodiscard]] auto cpu(std::size_t worker) const noexcept -> int { return cpus_[worker]; }
  /// What became of pinning it there; `unneeded` before it has started.
  [[nodiscard]] auto bound(std::size_t worker) const noexcept -> binding {
    auto const told = seats_[worker].bound.read();
    return told == 0 ? binding::unneeded : static_cast<binding>(told - 1);
  }
  /// Where the workers sleep. Handles keep it: a publish under way may want to wake a worker that has gone home.
  struct beds {
    struct alignas(cache_line_size) bed : event_count<Platform> {};
    std::array<bed, most> of;
  };
  [[nodiscard]] auto where_they_sleep() const noexcept -> std::shared_ptr<beds> const& { return beds_; }
  /// The calling thread is one of these workers: it must not wait for them.
  [[nodiscard]] auto on_board() const noexcept -> bool { return Platform::current() == this; }

  /// Gives a worker a job, which must live until the worker has left it; starts its thread if it has none yet.
  /// Throws     std::system_error if no thread can be started; bad_call if 256 jobs wait to be taken up.
  MILLRACE_COLD void hire(std::size_t worker, job& j) {
    std::lock_guard const g{mutex_};
    auto& s = seats_[worker];
    if (!s.started) {
      s.thread = typename Platform::thread{[this, worker] { run(worker); }};
      s.started = true;
    }
    if (!s.mail.put(&j)) throw bad_call{"millrace: a worker has too many runners waiting to be taken up"};
    beds_->of[worker].alert();
  }

 private:
  struct alignas(cache_line_size) seat {
    typename Platform::template mailbox<job*> mail;  // null: go home
    tally<Platform> bound;  // 1 + what became of pinning
    typename Platform::thread thread;
    bool started = false;
  };

  static auto size_for(std::size_t wanted) -> std::size_t {
    if (wanted > most) throw bad_call{message{"a crew has at most 61 workers, not ", wanted}.text()};
    if (wanted != 0) return wanted;
    auto const allowed = allowed_cpus().size();
    return allowed < most ? allowed : most;
  }
  MILLRACE_COLD void dismiss(std::size_t worker) {
    while (!seats_[worker].mail.put(nullptr)) Platform::yield();
    beds_->of[worker].alert();
  }

  /// A worker's whole life.
  MILLRACE_COLD void run(std::size_t me) {
    Platform::current() = this;
    auto& s = seats_[me];
    s.bound.add(1 + static_cast<std::int64_t>(pin_this_thread(topology_, cpus_[me])));
    name_this_thread("millrace " + std::to_string(me));
    std::vector<job*> jobs;
    patience<Platform> look;
    std::uint32_t fruitless = 0;
    bool go_home = false;
    while (!go_home || !jobs.empty()) {
      for (job* taken = nullptr; s.mail.take(taken);) {
        if (taken == nullptr) go_home = true;
        else jobs.push_back(taken);
        look = patience<Platform>{most_eager(jobs)};
        fruitless = 0;
      }
      bool any = false;
      for (std::size_t k = 0; k < jobs.size();) {
        auto const had = jobs[k]->work(me);
        any |= had == outcome::busy;
        if (had != outcome::over) {
          ++k;
          continue;
        }
        jobs[k]->leave(me);
        jobs[k] = jobs.back();
        jobs.pop_back();
        look = patience<Platform>{most_eager(jobs)};
      }
      if (any) {
        look.busy();
        fruitless = 0;
        continue;
      }
      if (++fruitless == lull_after) lull(jobs, me);
      if (!jobs.empty() && !look.exhausted()) continue;
      if (fruitless < lull_after) {
        fruitless = lull_after;
        lull(jobs, me);
      }
      rest(jobs, me, look, go_home);
    }
  }
  MILLRACE_COLD static void lull(std::vector<job*> const& jobs, std::size_t me) {
    for (auto* const j : jobs) j->lull(me);
  }
  MILLRACE_COLD void rest(std::vector<job*> const& jobs, std::size_t me, patience<Platform>& look, bool go_home) {
    auto& bed = beds_->of[me];
    auto const& policy = look.policy();
    look.before_rest();
    if (!jobs.empty() && policy.then == millrace::rest::nap) {
      for (auto* const j : jobs) j->lie_down(me);
      Platform::nap(policy.nap.count());
    } else {
      auto const key = bed.prepare();
      for (auto* const j : jobs) j->lie_down(me);
      Platform::heavy_barrier();  // pairs with the look at the mask that follows every advance
      bool up = !seats_[me].mail.empty() || (go_home && jobs.empty());
      for (auto* const j : jobs) up = up || j->runnable(me);
      if (up) return;
      Platform::template fault<fault_site::park>();
      if (policy.at_most.count() > 0 && !jobs.empty()) bed.wait_until(key, Platform::now() + policy.at_most.count());
      else bed.wait(key);
    }
    look.after_rest();
  }
  /// A worker with several jobs waits as the most eager of them asks.
  MILLRACE_COLD static auto most_eager(std::vector<job*> const& jobs) -> wait_policy {
    wait_policy p;
    bool first = true;
    for (auto* const j : jobs) {
      auto const& w = j->wait();
      if (first || w.then < p.then || (w.then == p.then && w.spins > p.spins)) p = w;
      first = false;
    }
    return p;
  }

  static constexpr std::uint32_t lull_after = 1000;  // fruitless looks, unless it sleeps earlier

  topology topology_;
  std::size_t size_;
  std::vector<int> cpus_;
  place_options place_;
  typename Platform::mutex mutex_;
  std::shared_ptr<beds> beds_ = std::make_shared<beds>();
  std::unique_ptr<seat[]> seats_;
};

/// Threads for runners, pinned near each other. They start when they are first needed, and sleep when there is nothing to do.
///
/// Called by  any thread; runners may be made and destroyed on different threads at once.
/// Costs      one topology discovery (milliseconds); a thread costs its stack, and asleep no processor time.
/// Throws     bad_call for more than 61 workers; bad_place for a processor that the process may not use.
template <typename Platform>
class basic_workers {
 public:
  explicit basic_workers(workers_options const& o = {}) : crew_{std::make_shared<crew<Platform>>(o)} {}
  [[nodiscard]] auto size() const noexcept -> std::size_t { return crew_->size(); }
  [[nodiscard]] auto shared() const noexcept -> std::shared_ptr<crew<Platform>> const& { return crew_; }

 private:
  std::shared_ptr<crew<Platform>> crew_;
};
using workers = basic_workers<std_platform>;

}  // namespace millrace
