// SPDX-License-Identifier: MIT
// What pinned threads do all their life.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <millrace/base/cache_line.hpp>
#include <millrace/base/errors.hpp>
#include <millrace/base/message.hpp>
#include <millrace/place/allowed.hpp>
#include <millrace/place/memory.hpp>
#include <millrace/place/pin.hpp>
#include <millrace/place/pressure.hpp>
#include <millrace/place/thread_name.hpp>
#include <millrace/sync/mailbox.hpp>
#include <millrace/sync/notice.hpp>
#include <millrace/sync/tally.hpp>

namespace millrace {

template <typename Platform>
struct alignas(cache_line_size) crew<Platform>::seat {
  typename Platform::template mailbox<job*> mail;  // null: go home
  tally<Platform> bound;  // 1 + what became of pinning
  notice<Platform> number;  // the system's, of the thread
  typename Platform::thread thread;
  bool started = false;
  sitting who = sitting::nobody;  // of the program's own threads
  // Of whoever works here:
  std::vector<job*> jobs;
  patience<Platform> look;
  std::uint32_t fruitless = 0;
  bool go_home = false;
};

/// While a thread of the program's own works.
template <typename Platform>
class crew<Platform>::at_work {
 public:
  MILLRACE_COLD at_work(crew& c, std::size_t worker) noexcept : crew_{c}, worker_{worker}, before_{std::exchange(Platform::current(), &c)} {}
  at_work(at_work const&) = delete;
  auto operator=(at_work const&) -> at_work& = delete;
  MILLRACE_COLD ~at_work() {
    for (auto* const j : crew_.seats_[worker_].jobs) j->put_down(worker_);
    Platform::current() = before_;
    std::lock_guard const g{crew_.mutex_};
    crew_.seats_[worker_].who = sitting::nobody;
  }

 private:
  crew& crew_;
  std::size_t worker_;
  void const* before_;
};

template <typename Platform>
crew<Platform>::crew(workers_options const& o)
    : place_{o.own_threads ? place_options{.cpus = {}, .pin = false, .bind_memory = false} : o.place},
      topology_{place_.pin || place_.bind_memory || !place_.cpus.empty() ? topology::machine() : topology{}},
      size_{size_for(o)},
      cpus_{choose_cpus(topology_, size_, place_)}, own_threads_{o.own_threads}, beds_{std::make_shared<beds<Platform>>()}, seats_{new seat[size_]()} {
  for (std::size_t i = 0; i < size_; ++i) seats_[i].jobs.reserve(expected_jobs);  // else it is the worker who allocates
}

template <typename Platform>
crew<Platform>::~crew() {
  if (!birthplace_.here()) {
    static_cast<void>(seats_.release());  // a child of fork(): the threads are not here
    return;
  }
  for (std::size_t i = 0; i < size_; ++i) {
    if (!seats_[i].started) continue;
    dismiss(i);
    seats_[i].thread.join();
  }
}

template <typename Platform>
auto crew<Platform>::made(workers_options const& o) -> std::shared_ptr<crew> { return std::make_shared<crew>(o); }

template <typename Platform>
void crew<Platform>::bind(void* memory, std::size_t bytes, plan const& p) const {
  if (memory == nullptr || !place_.bind_memory) return;
  std::vector<int> cpus;
  for (std::size_t i = 0; i < size_; ++i)
    if (p.employs(i)) cpus.push_back(cpus_[i]);
  static_cast<void>(bind_memory(topology_, memory, bytes, cpus));
}

template <typename Platform>
auto crew<Platform>::bound(std::size_t worker) const noexcept -> binding {
  auto const told = seats_[worker].bound.read();
  return told == 0 ? binding::unneeded : static_cast<binding>(told - 1);
}

template <typename Platform>
auto crew<Platform>::thread_number(std::size_t worker) const noexcept -> std::int64_t { return seats_[worker].number.read(); }

template <typename Platform>
auto crew<Platform>::serves(std::size_t worker, job const& j) const noexcept -> bool {
  for (auto const* const k : seats_[worker].jobs)
    if (k == &j) return true;
  return !seats_[worker].mail.empty();
}

template <typename Platform>
void crew<Platform>::hire(std::size_t worker, job& j) {
  std::lock_guard const g{mutex_};
  auto& s = seats_[worker];
  if (!s.started && !own_threads_) {
    s.thread = typename Platform::thread{[this, worker] { run(worker); }};
    s.started = true;
  }
  if (!s.mail.put(&j)) throw bad_call{"millrace: a worker has too many runners waiting to be taken up"};
  beds_->of[worker].alert();
}

template <typename Platform>
auto crew<Platform>::attend(std::size_t worker, std::int64_t deadline, bool once, function_view<bool()> done) -> bool {
  if (!own_threads_) throw bad_call{"millrace: this crew has threads, which do the work; make it with {.own_threads = true}"};
  if (worker >= size_) throw bad_call{message{"this crew has no worker number ", worker}.text()};
  if (on_board()) throw bad_call{"millrace: a handler cannot be a worker of its own crew a second time"};
  while (!take_seat(worker, sitting::owner)) {  // somebody who waits for the end helps out, for a turn
    if (once || done()) return false;
    Platform::yield();
  }
  at_work const guard{*this, worker};
  beds_->belongs_to_me(worker);
  bool any = false;
  do {
    if (turn(worker)) any = true;
    else if (!once && fruitless(worker)) rest(worker, deadline, done);
  } while (!once && !done() && (deadline == for_ever || Platform::now() < deadline));
  return any;
}

template <typename Platform>
auto crew<Platform>::await(wait_policy const& how, event_count<Platform>& sleep, std::int64_t deadline, function_view<bool()> done, function_view<void()> announce) -> bool {
  patience<Platform> look{how};
  if (!own_threads_) return wait_until<Platform>(look, sleep, deadline, done, announce);
  for (;;) {
    if (done()) return true;
    if (deadline != for_ever && Platform::now() >= deadline) return false;
    bool any = false;
    for (std::size_t i = 0; i < size_; ++i) {
      if (!take_seat(i, sitting::helper)) continue;
      at_work const guard{*this, i};
      any |= turn(i);
    }
    if (any) continue;
    auto const again = Platform::now() + look_for_seats_every;  // one may have been left
    static_cast<void>(wait_until<Platform>(look, sleep, again < deadline ? again : deadline, done, announce));
  }
}

template <typename Platform>
auto crew<Platform>::size_for(workers_options const& o) -> std::size_t {
  if (o.max > most) throw bad_call{message{"a crew has at most 61 workers, not ", o.max}.text()};
  if (o.max != 0) return o.max;
  auto const allowed = o.own_threads ? 1 : allowed_cpus().size();
  return allowed < most ? allowed : most;
}

template <typename Platform>
void crew<Platform>::dismiss(std::size_t worker) {
  while (!seats_[worker].mail.put(nullptr)) Platform::yield();
  beds_->of[worker].alert();
}

template <typename Platform>
auto crew<Platform>::take_seat(std::size_t worker, sitting as) -> bool {
  std::lock_guard const g{mutex_};
  auto& who = seats_[worker].who;
  if (who == sitting::owner && as == sitting::owner) throw bad_call{message{"another thread is worker number ", worker, " of this crew"}.text()};
  if (who != sitting::nobody) return false;
  who = as;
  return true;
}

template <typename Platform>
void crew<Platform>::run(std::size_t me) {
  Platform::current() = this;
  auto& s = seats_[me];
  s.bound.add(1 + static_cast<std::int64_t>(pin_this_thread(topology_, cpus_[me])));
  name_this_thread("millrace " + std::to_string(me));
  s.number.put_up(number_of_this_thread());
  auto const leaves = [&s] { return s.go_home && s.jobs.empty(); };
  while (!leaves())
    if (!turn(me) && fruitless(me)) rest(me, for_ever, leaves);
}

template <typename Platform>
auto crew<Platform>::turn(std::size_t me) -> bool {
  auto& s = seats_[me];
  for (job* taken = nullptr; s.mail.take(taken);) {
    if (taken == nullptr) s.go_home = true;
    else s.jobs.push_back(taken);
    s.look = patience<Platform>{most_eager(s.jobs)};
    s.fruitless = 0;
  }
  bool any = false;
  for (std::size_t k = 0; k < s.jobs.size();) {
    auto* const j = s.jobs[k];
    auto const had = j->work(me);
    any |= had == outcome::busy;
    if (had != outcome::over) {
      ++k;
      continue;
    }
    s.jobs[k] = s.jobs.back();
    s.jobs.pop_back();
    j->leave(me);
    s.look = patience<Platform>{most_eager(s.jobs)};
  }
  if (any) s.look.busy(), s.fruitless = 0;
  return any;
}

template <typename Platform>
auto crew<Platform>::fruitless(std::size_t me) -> bool {
  auto& s = seats_[me];
  bool const rests = s.jobs.empty() || s.look.exhausted();
  if (rests || ++s.fruitless % lull_after == 0)
    for (auto* const j : s.jobs) j->lull(me);
  return rests;
}

template <typename Platform>
void crew<Platform>::rest(std::size_t me, std::int64_t deadline, function_view<bool()> enough) {
  auto& s = seats_[me];
  auto const& policy = s.look.policy();
  s.look.before_rest();
  if (!s.jobs.empty() && policy.then == millrace::rest::nap) {
    lie_down(me);
    auto const until = due(me, deadline);
    auto const left = until == for_ever ? for_ever : until - Platform::now();
    if (left > 0) Platform::nap(policy.nap.count() < left ? policy.nap.count() : left);
    return s.look.after_rest();
  }
  for (auto& bed = beds_->of[me];;) {
    auto const key = bed.prepare();
    lie_down(me);
    auto found = prospect::again;
    while (found == prospect::again) {
      Platform::heavy_barrier();  // pairs with the look at the mask that follows every advance
      found = look_again(me, enough);
    }
    if (found == prospect::some) return;
    Platform::template fault<fault_site::park>();
    auto until = due(me, deadline);
    if (policy.at_most.count() > 0 && !s.jobs.empty())
      if (auto const again = Platform::now() + policy.at_most.count(); again < until) until = again;
    if (until == for_ever) bed.wait(key);
    else bed.wait_until(key, until);
    bool const time_is_up = until != for_ever && Platform::now() >= until;
    s.look.after_rest(!time_is_up);
    found = look_again(me, enough);
    if (time_is_up || found == prospect::some || found == prospect::soon) return;
    s.look.before_rest();
  }
}

template <typename Platform>
void crew<Platform>::lie_down(std::size_t me) {
  for (auto* const j : seats_[me].jobs) j->lie_down(me);
}

template <typename Platform>
auto crew<Platform>::look_again(std::size_t me, function_view<bool()> enough) -> prospect {
  auto& s = seats_[me];
  if (!s.mail.empty() || enough()) return prospect::some;
  auto found = prospect::none;
  for (auto* const j : s.jobs)
    if (auto const p = j->look_again(me); p > found) found = p;
  return found;
}

template <typename Platform>
auto crew<Platform>::due(std::size_t me, std::int64_t deadline) -> std::int64_t {
  for (auto* const j : seats_[me].jobs)
    if (auto const d = j->due(me); d < deadline) deadline = d;
  return deadline;
}

template <typename Platform>
auto crew<Platform>::most_eager(std::vector<job*> const& jobs) -> wait_policy {
  wait_policy p;
  bool first = true;
  for (auto* const j : jobs) {
    auto const& w = j->wait();
    if (first || w.then < p.then || (w.then == p.then && w.spins > p.spins)) p = w;
    first = false;
  }
  return p;
}

}  // namespace millrace
