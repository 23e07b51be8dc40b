// SPDX-License-Identifier: MIT
// Two stages in a row, and workers that run them as the plan says: what run/ does, in small, on the real board, lanes and life. Here
// mistakes can be made that nobody can make in a header.
#pragma once
#include <functional>

#include <millrace/run/job.hpp>
#include <millrace/run/plan_board.hpp>

#include "model/scenarios/kit.hpp"

namespace millrace::model {

struct changing {
  static constexpr std::size_t stages = 2, most_workers = 3;

  small_ring r;
  lifecycle<P> course{stages};
  plan_board<P> board{course};
  std::function<bool(std::size_t stage, sequence at)> handler;  // called within each event; false: it fails
  std::int64_t published = 0;

  /// So many workers, with nothing to do. `sleep`: they sleep at the first fruitless look; else they never do.
  changing(std::size_t slots, std::size_t workers, bool sleep) : r{slots}, count_{workers}, sleep_{sleep} {
    r.gate.add(r.stages[1]);
    name(state_[0], "state of A");
    name(state_[1], "state of B");
    name(board, "board");
    name(course, "life");
    for (std::size_t w = 0; w < count_; ++w) {
      static constexpr char const* names[] = {"worker 0", "worker 1", "worker 2"};
      r.table.seat(w, crew_[w].bed);
      name(crew_[w].bed, "bed of a worker");
      crew_[w].thread = P::thread{[this, w] {
        this_is(names[w]);
        live(w);
      }};
    }
  }

  /// A plan: who has stage A, who has B.
  static auto layout(std::size_t a, std::size_t b) -> plan {
    plan p{most_workers, stages};
    p.give(a, 0, 1);
    p.give(b, 1, 1);
    return p;
  }
  /// Any plan for the first two workers.
  static auto any_plan() -> plan {
    auto const a = one_of(2);
    return layout(a, one_of(2));
  }

  // ---- whoever is no worker, but post() and stop() may be called by handlers too
  void begin(plan const& p) {
    check(post(p) == status::ok, "a plan may be hung up before the start");
    start();
  }
  void start() {
    board.start([this](std::size_t w) { hire(w); }, [] {});
  }
  auto post(plan const& p) -> status {
    std::uint64_t late = 0;
    auto const s = board.post(
        p,
        [&](std::size_t w) {
          if (defect("hires after the lock")) late |= std::uint64_t{1} << w;
          else hire(w);
        },
        [&](std::uint64_t concerned) {
          if (!defect("posts and alerts nobody")) r.table.alert(concerned);
        });
    for (; late != 0; late &= late - 1) hire(static_cast<std::size_t>(std::countr_zero(late)));
    return s;
  }
  /// Publishes `n` events, or fewer if it is closed before.
  void produce(std::int64_t n) {
    patience<P> look{parks};
    for (std::int64_t i = 0; i < n; ++i) {
      if (r.events.claim(1, r.gate, look, r.producer_sleep) != status::ok) return;
      auto const s = r.events.next();
      r.slot(s).write() = value_of(s);
      if (r.events.publish(1, r.table) != status::ok) return;
      ++published;
    }
  }
  auto flush() -> status {
    patience<P> look{parks};
    auto const target = r.events.published();
    sleep_until(look, r.producer_sleep, [&] { return r.gate.reached() >= target || course.now() >= life::stopping; }, [&] { r.gate.add_waiter(sleepers<P>::others); });
    return r.gate.reached() >= target ? status::ok : status::closed;
  }
  void stop() {
    course.stop([&] { r.events.close(); });
    if (!defect("close without alert")) r.table.alert_all();
  }
  void drain() {
    course.drain([&] { r.events.close(); });
    if (!defect("close without alert")) r.table.alert_all();
  }
  /// After a stop, a failure or a drain: waits until everybody has left, and sends the workers home.
  void wait_for_the_end() {
    patience<P> look{parks};
    sleep_until(look, r.producer_sleep, [&] { return course.members() == 0; }, [] {});
    check(course.now() == life::over, "nobody leaves before all is closed");
    for (std::size_t w = 0; w < count_; ++w) {
      check(crew_[w].mail.put(home), "there is room for a command");
      crew_[w].bed.alert();
    }
    for (std::size_t w = 0; w < count_; ++w) crew_[w].thread.join();
    check(r.stages[0].held() == 0 && r.stages[1].held() == 0, "nobody keeps a lane");
    check(state_[0].next.read() >= state_[1].next.read(), "upstream first");
    check(r.events.end() == published, "the end is behind what was published");
  }
  /// All that was published passes.
  void finish() {
    drain();
    wait_for_the_end();
    check(state_[0].next.read() == published && state_[1].next.read() == published, "every event has passed both stages");
  }
  /// When everybody sleeps: nothing is left undone, and those are aboard whom the last plan employs, nobody else.
  void settle() {
    world.wait_for_quiet();
    soon([&] { return r.gate.reached() == published; }, "no event waits while everybody sleeps");
    soon([&] { return r.stages[0].held() == 0 && r.stages[1].held() == 0; }, "who sleeps holds nothing");
    auto const last = board.current();
    for (std::size_t w = 0; w < count_; ++w) check(crew_[w].aboard == last.employs(w), "those are aboard whom the last plan employs");
  }
  [[nodiscard]] auto passed(std::size_t stage) const -> sequence { return r.stages[stage].reached(); }

 private:
  static constexpr int hired = 1, home = 2;

  struct seat {
    P::mailbox<int> mail;
    event_count<P> bed;
    P::thread thread;
    bool aboard = false, missing = false;
    sequence version = -1;
    std::array<bool, stages> wanted{}, held{}, asked{};
    std::array<sequence, stages> at{};
  };
  struct stage_state {
    P::cell<int> inside{0};
    P::cell<std::int64_t> next{0};
  };

  /// Loads may return old values, but not for ever.
  template <typename Condition>
  static void soon(Condition holds, char const* what) {
    for (int tries = 0; !holds(); ++tries) check(tries < 6, what);
  }

  void hire(std::size_t w) {
    P::fault<fault_site::spawn>();
    check(crew_[w].mail.put(hired), "there is room for a command");
    crew_[w].bed.alert();
  }

  // ---- a worker
  void live(std::size_t me) {
    auto& s = crew_[me];
    for (bool goes = false; !goes || s.aboard;) {
      for (int told = 0; s.mail.take(told);) {
        check(told == home || !s.aboard, "nobody is hired twice");
        if (told == home) goes = true;
        else s.aboard = true;
      }
      auto const had = s.aboard ? work(me) : millrace::outcome::idle;
      if (had == millrace::outcome::over) {
        s.aboard = false;
        course.leaves([&] { r.producer_sleep.alert(); });
      }
      if (had != millrace::outcome::idle || (goes && !s.aboard)) continue;
      if (sleep_ || !s.aboard) rest(me);
      else P::yield();
    }
  }
  void rest(std::size_t me) {
    auto& s = crew_[me];
    for (;;) {
      auto const key = s.bed.prepare();
      if (s.aboard) lie_down(me);
      auto found = prospect::again;
      while (found == prospect::again) {
        P::heavy_barrier();
        found = defect("no second look") ? prospect::none : look_again(me);
        if (defect("no third look")) break;
      }
      if (found == prospect::some) return;
      P::fault<fault_site::park>();
      s.bed.wait(key);
      if (look_again(me) == prospect::some) return;
    }
  }
  auto work(std::size_t me) -> millrace::outcome {
    auto& s = crew_[me];
    if (board.version() != s.version && !adopt(me)) return millrace::outcome::over;
    if (s.missing) pick_up(me);
    auto const now = course.now();
    bool any = false;
    if (now >= life::stopping) {
      for (std::size_t i = 0; i < stages; ++i)
        if (s.held[i] || (s.wanted[i] && take(me, i))) close(me, i);
    } else {
      for (auto i = stages; i-- > 0;) any |= s.held[i] && drive(me, i);
      if (now == life::draining)
        for (std::size_t i = 0; i < stages; ++i)
          if (s.held[i] && s.at[i] >= r.events.end()) close(me, i);
    }
    if (now >= life::stopping && course.now() == life::over) return millrace::outcome::over;
    return any ? millrace::outcome::busy : millrace::outcome::idle;
  }
  auto adopt(std::size_t me) -> bool {
    auto& s = crew_[me];
    if (defect("goes ashore after the lock") && !board.current().employs(me)) {
      for (std::size_t i = 0; i < stages; ++i)
        if (s.held[i]) put(me, i);
      s.wanted = {};
      static_cast<void>(board.read(me, s.version, [](plan const&) {}));  // a plan that has come meanwhile takes him for aboard
      s.version = -1;
      return false;
    }
    return board.read(me, s.version, [&](plan const& p) {
      bool const keeps = defect("goes ashore without putting down") && !p.employs(me);
      for (std::size_t i = 0; i < stages; ++i) {
        s.wanted[i] = p.lanes(me, i) != 0;
        if (s.held[i] && !s.wanted[i] && !keeps) put(me, i);
      }
      if (s.version < 0 || !defect("adopts and forgets to pick up")) s.missing = true;
    });
  }
  void pick_up(std::size_t me) {
    auto& s = crew_[me];
    s.missing = false;
    for (std::size_t i = 0; i < stages; ++i)
      if (s.wanted[i] && !s.held[i] && !take(me, i)) s.missing = true;
  }
  auto take(std::size_t me, std::size_t i) -> bool {
    P::fault<fault_site::take>();
    if (r.stages[i].take(1) == 0) return false;
    crew_[me].held[i] = true;
    crew_[me].at[i] = r.stages[i].at(0);
    return true;
  }
  void put(std::size_t me, std::size_t i) {
    P::fault<fault_site::put>();
    crew_[me].held[i] = false;
    r.stages[i].put(1);
    if (defect("put without notify")) return;
    r.stages[i].wanting.notify(r.table);
  }
  auto limit(std::size_t i) -> sequence { return i == 0 ? r.events.readable() : r.stages[0].reached(); }
  auto drive(std::size_t me, std::size_t i) -> bool {
    auto& at = crew_[me].at[i];
    if (limit(i) <= at) return false;
    auto& state = state_[i];
    check(state.inside.write()++ == 0, "one holder at a time");
    check(r.slot(at).read() == value_of(at, static_cast<int>(i)), "the event as the stage before has left it");
    auto const well = !handler || handler(i, at);
    if (well) {
      check(state.next.write()++ == at, "each event once, in order");
      r.slot(at).write() = value_of(at, static_cast<int>(i) + 1);
      ++at;
    }
    --state.inside.write();
    P::fault<fault_site::publish>();
    r.advance(i, at);
    if (well) return true;
    course.fail({nullptr, i, at}, [&] { r.events.close(); });
    r.table.alert_all();
    return true;
  }
  void close(std::size_t me, std::size_t i) {
    if (!course.closed(i)) {
      course.close(i);
      if (course.now() == life::over && !defect("close without alert")) r.table.alert_all();
    }
    put(me, i);
    crew_[me].wanted[i] = false;
  }
  void lie_down(std::size_t me) {
    auto& s = crew_[me];
    s.asked = {};
    for (std::size_t i = 0; i < stages; ++i) {
      if (s.held[i] && !defect("sleeps with a lane in hand")) put(me, i);
      if (!s.wanted[i]) continue;
      if (i == 0) r.events.waiting().add(me);
      else r.stages[i - 1].waiting.add(me);
    }
    s.missing = true;
  }
  auto look_again(std::size_t me) -> prospect {
    auto& s = crew_[me];
    if (!s.mail.empty()) return prospect::some;
    if (!s.aboard) return prospect::none;
    if (board.version() != s.version && !defect("sleeps without a look at the plan")) return prospect::some;
    auto const now = course.now();
    if (now == life::over) return prospect::some;
    auto found = prospect::none;
    for (std::size_t i = 0; i < stages; ++i) {
      if (!s.wanted[i]) continue;
      if (r.stages[i].held() != 0) {
        if (!std::exchange(s.asked[i], true) && !defect("does not wait for the lane")) r.stages[i].wanting.add(me), found = prospect::again;
        continue;
      }
      auto const at = r.stages[i].reached();
      if (now < life::draining || at < r.events.end()) {
        if (now == life::stopping || limit(i) > at) return prospect::some;
      } else if (!course.closed(i)) {
        return prospect::some;
      }
    }
    return found;
  }

  std::size_t count_;
  bool sleep_;
  std::array<seat, most_workers> crew_;
  std::array<stage_state, stages> state_;
};

}  // namespace millrace::model
