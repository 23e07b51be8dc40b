// SPDX-License-Identifier: MIT
// Drives the stages of one ring: what a worker does at each turn. It takes the lanes that the plan gives it, runs adjacent
// stages that stand at one position as one inlined loop, moves their cursors, and wakes who waits.
#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <utility>

#include <millrace/base/config.hpp>
#include <millrace/run/execute.hpp>
#include <millrace/run/job.hpp>
#include <millrace/run/lifecycle.hpp>
#include <millrace/run/plan_board.hpp>
#include <millrace/run/shared_ring.hpp>
#include <millrace/run/seat.hpp>
#include <millrace/stage/hearing.hpp>
#include <millrace/sync/lent.hpp>
#include <millrace/sync/sole_use.hpp>

namespace millrace {

template <typename Pipeline, typename Platform>
class engine final : public job {
 public:
  using segment = millrace::segment<Pipeline>;
  using event = typename segment::event;
  using ring_type = shared_ring<segment, Platform>;
  static constexpr std::size_t stages = segment::stages;

  /// `home` identifies the crew, see Platform::current(); `beds` is where its workers sleep.
  MILLRACE_COLD engine(Pipeline&& p, capacity slots, std::size_t crew_size, std::int64_t batch, wait_policy const& wait, void const* home,
                       std::shared_ptr<void const> beds)
      : ring_{slots, wait}, pipeline_{new Pipeline(std::move(p))}, batch_{batch}, workers_{crew_size}, home_{home}, beds_{std::move(beds)}, seats_{new seat_type[crew_size]} {
    wait_ = wait;
    for (std::size_t i = 0; i < crew_size; ++i) seats_[i].work = {.slots = &ring_.slots, .nodes = &pipeline_->nodes, .from = &pipeline_->from, .mask = slots.mask(), .error = nullptr};
  }

  [[nodiscard]] auto ring() noexcept -> ring_type& { return ring_; }
  [[nodiscard]] auto ring() const noexcept -> ring_type const& { return ring_; }
  [[nodiscard]] auto course() noexcept -> lifecycle<Platform>& { return course_; }
  [[nodiscard]] auto course() const noexcept -> lifecycle<Platform> const& { return course_; }
  [[nodiscard]] auto workers() const noexcept -> std::size_t { return workers_; }
  [[nodiscard]] auto seat_of(std::size_t worker) const noexcept -> seat<segment, Platform> const& { return seats_[worker]; }
  /// Nanoseconds since it was made.
  [[nodiscard]] auto elapsed() const noexcept -> std::int64_t { return Platform::now() - begun_; }
  /// The stages as plans know them.
  [[nodiscard]] static auto planned() noexcept -> stage_list {
    static constexpr auto all = [] {
      std::array<planned_stage, stages> list{};
      for (std::size_t s = 0; s < stages; ++s) list[s] = {.name = segment::name(s), .together = segment::together(s), .apart = segment::apart(s)};
      return list;
    }();
    return {all.data(), stages};
  }
  /// See plan_board.
  template <typename Hire>
  MILLRACE_COLD auto post(plan const& p, Hire hire) -> status {
    return board_.post(p, hire, [this](std::uint64_t concerned) { ring_.table.alert(concerned); });
  }
  [[nodiscard]] auto board() noexcept -> plan_board<Platform>& { return board_; }
  [[nodiscard]] auto board() const noexcept -> plan_board<Platform> const& { return board_; }
  /// Closes what those were to close who could not be hired, so that the others can leave.
  MILLRACE_COLD void close_for_the_missing() noexcept {
    for (std::size_t i = 0; i < workers_; ++i)
      while (board_.misses(i) && work(i) != outcome::over) Platform::yield();
  }
  /// Wakes everybody for news that no cursor carries.
  void alert_all() noexcept { ring_.table.alert_all(); }
  MILLRACE_COLD void stop() {
    course_.stop([&] { return close_entry(); });
    alert_all();
  }
  /// All that has entered is to pass.
  MILLRACE_COLD void drain() {
    course_.drain([&] { return close_entry(); });
    alert_all();
  }
  /// Destroys the handlers, which nobody may touch any more. Events go with the engine: a publish may still be under way.
  MILLRACE_COLD void dissolve() noexcept { pipeline_.reset(); }

  // ---- the producer's side
  [[nodiscard]] auto lend_input() noexcept -> bool { return lent_.lend(); }
  void take_input_back() noexcept { lent_.give_back(); }
  [[nodiscard]] auto producer_use() noexcept -> sole_use<Platform>& { return producer_use_; }
  /// A producer that waits for room waits for workers: for ever, if it is one of them, or while none of them runs.
  [[nodiscard]] auto would_wait_for_itself() const noexcept -> bool { return Platform::current() == home_ || course_.now() == life::paused; }

  // ---- the worker's side: see job

  auto work(std::size_t worker) noexcept -> outcome override {
    auto& w = seats_[worker];
    for (int turn = 0; turn < turns; ++turn) {
      auto const had = step(w);
      if (had == outcome::over) return had;
      if (had == outcome::idle) return turn == 0 ? outcome::idle : outcome::busy;
    }
    return outcome::busy;
  }
  MILLRACE_COLD void lull(std::size_t worker) noexcept override {
    auto& w = seats_[worker];
    for (std::size_t s = 0; s < stages; ++s)
      if (w.held[s] != 0) hear<hook::idle>(s, w.at[s]);
  }
  MILLRACE_COLD void lie_down(std::size_t worker) noexcept override {
    auto& w = seats_[worker];
    for (std::size_t s = 0; s < stages; ++s) {
      if (w.held[s] != 0) put(w, s);
      if (w.wanted[s] == 0) continue;
      ring_.stage[s].wanting.add(worker);
      auto const upstream = segment::waits_for(s);
      if (upstream == 0) {
        if constexpr (segment::own_source) ring_.gate.add_waiter(worker);
        else ring_.producer.waiting().add(worker);
      }
      for (auto m = upstream; m != 0; m &= m - 1) ring_.stage[static_cast<std::size_t>(std::countr_zero(m))].waiting.add(worker);
    }
    w.missing = true;
  }
  MILLRACE_COLD auto runnable(std::size_t worker) noexcept -> bool override {
    auto& w = seats_[worker];
    if (board_.version() != w.version) return true;
    auto const life = course_.now();
    if (life == life::over) return true;
    for (std::size_t s = 0; s < stages; ++s) {
      if (w.wanted[s] == 0 || ring_.stage[s].held() != 0) continue;
      auto const at = ring_.stage[s].reached();
      if (life < life::draining || at < course_.end()) {
        auto const upstream = segment::waits_for(s);
        if (life == life::stopping || (upstream != 0 ? ring_.reached(upstream) : limit_at_the_entry()) > at) return true;
      } else if (!course_.closed(s)) {
        return true;
      }
    }
    return false;
  }
  void leave(std::size_t) noexcept override {
    course_.leaves([&] { ring_.others.alert(); });
  }

 private:
  using seat_type = seat<segment, Platform>;
  using run_type = stage_run<segment>;
  static constexpr int turns = 16;                      // between two looks at the mailbox
  static constexpr std::int64_t alone_factor = 64;      // a whole pipeline on one worker touches no ring: longer batches cost nothing
  static constexpr std::int64_t detail_events = 128;    // of a batch that is timed stage by stage
  static constexpr std::uint32_t detail_every = 64;     // timed batches

  auto step(seat_type& w) noexcept -> outcome {
    if (board_.version() != w.version && !adopt(w)) [[unlikely]] return outcome::over;
    if (w.missing) [[unlikely]] pick_up(w);
    auto const life = course_.now();
    if (life >= life::stopping) [[unlikely]] return wind_up(w);
    bool any = false;
    for (auto j = stages; j > 0;) {  // the last ones first: they make room
      if (w.held[j - 1] == 0) {
        --j;
        continue;
      }
      auto i = j - 1;
      while (i > 0 && w.held[i - 1] != 0 && w.at[i - 1] == w.at[i]) --i;
      any |= drive(w, i, j);
      j = i;
    }
    if (life == life::draining) [[unlikely]] close_finished(w);
    return any ? outcome::busy : outcome::idle;
  }

  // ---- lanes
  [[nodiscard]] auto number_of(seat_type const& w) const noexcept -> std::size_t { return static_cast<std::size_t>(&w - seats_.get()); }

  /// Puts down what the plan gives to others. False: it has nothing for this worker.
  MILLRACE_COLD auto adopt(seat_type& w) noexcept -> bool {
    return board_.read(number_of(w), w.version, [&](plan const& p) {
      for (std::size_t s = 0; s < stages; ++s) {
        w.wanted[s] = number_of(w) < p.workers() ? p.lanes(number_of(w), s) : 0;
        if ((w.held[s] & ~w.wanted[s]) != 0) put(w, s);
      }
      w.missing = true;
    });
  }
  MILLRACE_COLD void pick_up(seat_type& w) noexcept {
    w.missing = false;
    for (std::size_t s = 0; s < stages; ++s)
      if ((w.wanted[s] & ~w.held[s]) != 0 && !take(w, s)) w.missing = true;
  }
  auto take(seat_type& w, std::size_t s) noexcept -> bool {
    Platform::template fault<fault_site::take>();
    if (ring_.stage[s].take(1) == 0) return false;
    w.held[s] = 1;
    w.at[s] = ring_.stage[s].at(0);
    if (!started_[s].read() && course_.now() < life::stopping && hear<hook::start>(s, w.at[s])) started_[s].write() = true;
    return true;
  }
  void put(seat_type& w, std::size_t s) noexcept {
    Platform::template fault<fault_site::put>();
    w.held[s] = 0;
    ring_.stage[s].put(1);
    ring_.stage[s].wanting.notify_others(ring_.table, number_of(w));
  }

  // ---- events

  /// How far a stage may run that waits for no other: to the producer, or as a source as far as there is room.
  [[nodiscard]] auto limit_at_the_entry() noexcept -> sequence {
    if constexpr (segment::own_source) {
      auto const room = ring_.gate.reached() + ring_.size.slots();
      auto const end = course_.end();
      return room < end ? room : end;
    } else {
      return ring_.producer.readable();
    }
  }
  [[nodiscard]] auto run_from(seat_type& w, std::size_t i, std::size_t j) noexcept -> run_type& {
    auto& r = w.runs[i];
    if (r.to == j) [[likely]] return r;
    r = run_type{.from = i, .to = j, .list = body_table<segment>::compose(i, j)};
    for (auto s = i; s < j; ++s) {
      if (segment::waits_for(s) == 0) r.from_producer = true;
      r.upstream |= segment::waits_for(s) & ~segment::nodes_between(i, j);
    }
    return r;
  }
  [[nodiscard]] static constexpr auto alone(run_type const& r) noexcept -> bool { return segment::own_source && r.from == 0 && r.to == stages && r.list.parts == 1; }
  [[nodiscard]] auto limit_of(run_type const& r, sequence from) noexcept -> sequence {
    if (alone(r)) return from < course_.end() ? from + alone_factor * batch_ : from;
    auto const limit = ring_.reached(r.upstream);
    if (!r.from_producer) return limit;
    auto const entry = limit_at_the_entry();
    return entry < limit ? entry : limit;
  }

  auto drive(seat_type& w, std::size_t i, std::size_t j) noexcept -> bool {
    auto& r = run_from(w, i, j);
    auto const from = w.at[i];
    bool const looks = r.known <= from;
    if (looks && (r.known = limit_of(r, from)) <= from) {
      if (segment::own_source && r.from_producer) w.full_looks.add(1);
      else w.empty_looks.add(1);
      return false;
    }
    auto const limit = r.known;
    auto const found = limit - from;
    if (segment::own_source && r.from_producer) r.known = 0;  // the source may end before: look each time
    auto& pace = w.paces[i];
    auto const n = pace.most(found < batch_ || alone(r) ? found : batch_);
    auto const to = from + n;
    auto& work = w.work;
    work.more = !segment::own_source && to != limit;
    if (!pace.timed(n)) [[likely]] {
      execute(work, r.list, w.at, from, to);
    } else {
      auto const begin = Platform::now();
      auto const mid = r.to - r.from > 1 && w.timed_batches++ % detail_every == 0 ? detail(w, r, from, to) : from;
      if (mid != to && !work.failed && !work.ended) execute(work, r.list, w.at, mid, to);
      note_time(w, r, w.at[j - 1] - from, Platform::now() - begin);
      note_depth(w, r, limit);
    }
    for (auto s = i; s < j; ++s) {
      w.batches[s].add(1);
      if (!work.failed) hear<hook::batch_end>(s, w.at[s]);
    }
    for (auto s = i; s < j; ++s) {
      Platform::template fault<fault_site::publish>();
      ring_.stage[s].advance(w.held[s], w.at[s]);
      ring_.stage[s].waiting.notify(ring_.table);
    }
    if (work.failed) [[unlikely]] {
      work.failed = false;
      fail(work.failed_stage, w.at[work.failed_stage], std::exchange(work.error, nullptr));
    } else if (work.ended) [[unlikely]] {
      work.ended = false;
      course_.drain([&] { return w.at[0]; });
      alert_all();
    } else if constexpr (!segment::own_source) {
      if (r.from_producer && looks) w.lazy.after(found);
    }
    return true;
  }

  // ---- time

  /// The first events of a timed batch are now and then run stage by stage, to know what each stage of a fused run costs. Returns
  /// where it stopped.
  MILLRACE_COLD auto detail(seat_type& w, run_type const& r, sequence from, sequence to) noexcept -> sequence {
    auto end = to - from < detail_events ? to : from + detail_events;
    if (end - from > ring_.size.slots()) end = from + ring_.size.slots();
    auto const more = std::exchange(w.work.more, w.work.more || end != to);
    end = execute_singly<Platform>(w.work, r.from, r.to, w.at, from, end, [&](std::size_t s, std::int64_t n, std::int64_t ns) {
      auto const each = ns * pace::fraction / n;
      w.cost[s] = w.cost[s] == 0 ? each + 1 : (3 * w.cost[s] + each) / 4 + 1;
    });
    w.work.more = more;
    return end;
  }
  MILLRACE_COLD void note_time(seat_type& w, run_type const& r, std::int64_t n, std::int64_t ns) noexcept {
    if (n <= 0) return;
    auto const all = static_cast<double>(ns) * w.paces[r.from].took(n, ns);
    std::int64_t sum = 0;
    for (auto s = r.from; s < r.to; ++s) sum += w.cost[s];
    for (auto s = r.from; s < r.to; ++s) {
      auto const share = sum == 0 ? 1.0 / static_cast<double>(r.to - r.from) : static_cast<double>(w.cost[s]) / static_cast<double>(sum);
      w.useful_ns[s].add(static_cast<std::int64_t>(all * share));
    }
  }
  /// Events in the ring, as the run that follows the producer, or has the source, finds it.
  MILLRACE_COLD void note_depth(seat_type& w, run_type const& r, sequence limit) noexcept {
    if (!r.from_producer || alone(r)) return;
    auto const depth = (segment::own_source ? w.at[0] : limit) - ring_.gate.reached();
    w.depth_sum.add(depth);
    w.depth_samples.add(1);
    w.depth_max.raise_to(depth);
  }

  // ---- hooks and ends

  /// Tells a stage's handler. False if it threw: then the runner stops.
  template <hook H>
  auto hear(std::size_t s, sequence at) noexcept -> bool {
    if constexpr (!any_hears<H, segment>()) return true;
    else {
      try {
        tell_stage<H, segment>(pipeline_->nodes, s);
        return true;
      } catch (...) {
        fail(s, at, std::current_exception());
        return false;
      }
    }
  }
  MILLRACE_COLD void fail(std::size_t stage, sequence at, std::exception_ptr error) noexcept {
    course_.fail({std::move(error), stage, at}, [&] { return close_entry(); });
    alert_all();
  }
  auto close_entry() noexcept -> sequence { return ring_.producer.close(), ring_.producer.end(); }
  /// The last thing that happens to a stage.
  MILLRACE_COLD void close(seat_type& w, std::size_t s) noexcept {
    if (!course_.closed(s)) {
      if (started_[s].read()) hear<hook::stop>(s, w.at[s]);
      course_.close(s);
      if (course_.now() == life::over) alert_all();
    }
    put(w, s);
    w.wanted[s] = 0;
  }
  MILLRACE_COLD void close_finished(seat_type& w) noexcept {
    auto const end = course_.end();
    for (std::size_t s = 0; s < stages; ++s)
      if (w.held[s] != 0 && w.at[s] >= end) close(w, s);
  }
  /// Stopping: what this worker holds or ought to hold is closed where it stands.
  MILLRACE_COLD auto wind_up(seat_type& w) noexcept -> outcome {
    for (std::size_t s = 0; s < stages; ++s) {
      if (w.held[s] != 0 || (w.wanted[s] != 0 && take(w, s))) close(w, s);
    }
    return course_.now() == life::over ? outcome::over : outcome::idle;
  }

  ring_type ring_;
  std::unique_ptr<Pipeline> pipeline_;  // apart from the ring: it goes with the runner
  std::array<typename Platform::template cell<bool>, stages> started_{};  // its handler was told; under the stage's hold bit
  lifecycle<Platform> course_{stages};
  std::int64_t begun_ = Platform::now();
  std::int64_t batch_;
  std::size_t workers_;
  void const* home_;
  std::shared_ptr<void const> beds_;
  std::unique_ptr<seat_type[]> seats_;
  lent<Platform> lent_;
  [[no_unique_address]] sole_use<Platform> producer_use_;
  plan_board<Platform> board_{course_};
};

}  // namespace millrace
