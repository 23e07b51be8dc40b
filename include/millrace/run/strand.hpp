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
#include <millrace/plan/plan.hpp>
#include <millrace/ring/port.hpp>
#include <millrace/run/execute.hpp>
#include <millrace/run/lifecycle.hpp>
#include <millrace/run/shared_ring.hpp>
#include <millrace/run/seat.hpp>
#include <millrace/stage/hearing.hpp>

namespace millrace {

template <typename Pipeline, typename Platform>
class strand final : public intake {
  template <typename OtherPipeline, typename OtherPlatform>
  friend class strand;

 public:
  using segment = millrace::segment<Pipeline>;
  using event = typename segment::event;
  using ring_type = shared_ring<segment, Platform>;
  static constexpr std::size_t stages = segment::stages;

  /// `first` is the number of its first stage in the whole pipeline.
  MILLRACE_COLD strand(Pipeline&& p, capacity slots, std::size_t first, std::size_t crew_size, std::int64_t batch, wait_policy const& wait, lifecycle<Platform>& course,
                       event_count<Platform>& others)
      : ring_{slots, wait, others}, pipeline_{new Pipeline(std::move(p))}, course_{course}, first_{first}, batch_{batch}, workers_{crew_size}, seats_{new seat_type[crew_size]} {
    for (std::size_t i = 0; i < crew_size; ++i) seats_[i].work = {.slots = &ring_.slots, .nodes = &pipeline_->nodes, .from = &pipeline_->from, .mask = slots.mask(), .out = &out_, .error = nullptr};
  }

  [[nodiscard]] auto ring() noexcept -> ring_type& { return ring_; }
  [[nodiscard]] auto ring() const noexcept -> ring_type const& { return ring_; }
  [[nodiscard]] auto first_stage() const noexcept -> std::size_t { return first_; }
  [[nodiscard]] auto seat_of(std::size_t worker) const noexcept -> seat<segment, Platform> const& { return seats_[worker]; }
  /// Events that failed without stopping all.
  [[nodiscard]] MILLRACE_COLD auto failed() const noexcept -> std::int64_t {
    std::int64_t sum = 0;
    if constexpr (segment::forgives)
      for (std::size_t w = 0; w < workers_; ++w)
        for (auto const& n : seats_[w].failures) sum += n.read();
    return sum;
  }
  /// The stage that expands publishes into the ring of `next`.
  template <typename Next>
  void feed(Next& next) noexcept {
    out_.open(get<0>(next.ring().slots.columns), next.ring().size.mask(), next);
    next.front_ = front_;
  }
  /// Nothing more enters; what has entered is to pass.
  MILLRACE_COLD void end_entry() noexcept { end_.publish(close_entry()); }
  MILLRACE_COLD auto close_entry() noexcept -> sequence { return ring_.producer.close(), ring_.producer.end(); }
  /// Destroys the handlers, which nobody may touch any more. Events go with the strand: a publish may still be under way.
  MILLRACE_COLD void dissolve() noexcept { pipeline_.reset(); }

  // ---- intake: the stage of the ring before this one publishes here, under its hold bit
  auto room() noexcept -> sequence override {
    std::int64_t got = 0;
    static_cast<void>(ring_.producer.try_claim_up_to(ring_.size.slots(), ring_.gate, got));
    return ring_.producer.next() + got;
  }
  void show(std::int64_t n) noexcept override { static_cast<void>(ring_.producer.publish(n, ring_.table)); }
  auto has_room() noexcept -> bool override { return ring_.entered() - ring_.gate.reached() < ring_.size.slots(); }
  void wait_for_room(std::size_t bit) noexcept override { ring_.gate.add_waiter(bit); }
  MILLRACE_COLD void shut() noexcept override { static_cast<void>(close_entry()); }
  MILLRACE_COLD void no_more() noexcept override {
    end_entry();
    ring_.table.alert_all();
  }

  // ---- the worker's side: see job

  /// Whether events passed.
  auto step(std::size_t worker, life now) noexcept -> bool {
    auto& w = seats_[worker];
    if (w.missing) [[unlikely]] pick_up(w), now = course_.now();  // a handler that does not start stops all
    if (now >= life::stopping) [[unlikely]] return wind_up(w), false;
    bool any = false;
    for (auto j = stages; j > 0;) {  // the last ones first: they make room
      if (w.held[j - 1] == 0) {
        --j;
        continue;
      }
      auto i = j - 1;
      while (i > 0 && w.held[i - 1] != 0 && w.at[i - 1] == w.at[i] && !pauses(w, i - 1)) --i;
      any |= drive(w, i, j);
      j = i;
    }
    if (now == life::draining) [[unlikely]] close_finished(w);
    return any;
  }
  /// Puts down what the plan gives to others.
  MILLRACE_COLD void adopt(std::size_t worker, plan const& p) noexcept {
    auto& w = seats_[worker];
    for (std::size_t s = 0; s < stages; ++s) {
      w.wanted[s] = worker < p.workers() ? p.lanes(worker, first_ + s) : 0;
      if ((w.held[s] & ~w.wanted[s]) != 0) put(w, s);
    }
    w.missing = true;
  }
  MILLRACE_COLD void lull(std::size_t worker) noexcept {
    auto& w = seats_[worker];
    for (std::size_t s = 0; s < stages; ++s)
      if (w.held[s] != 0) hear<hook::idle>(w, s);
  }
  MILLRACE_COLD void lie_down(std::size_t worker) noexcept {
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
      if (segment::expands(s)) out_.to->wait_for_room(worker);
    }
    w.missing = true;
  }
  MILLRACE_COLD auto runnable(std::size_t worker, life now) noexcept -> bool {
    auto& w = seats_[worker];
    for (std::size_t s = 0; s < stages; ++s) {
      if (w.wanted[s] == 0 || ring_.stage[s].held() != 0) continue;
      auto const at = ring_.stage[s].reached();
      if (now < life::draining || at < end_.published()) {
        auto const upstream = segment::waits_for(s);
        if (now == life::stopping) return true;
        if ((upstream != 0 ? ring_.reached(upstream) : limit_at_the_entry()) > at && (!segment::expands(s) || out_.to->has_room())) return true;
      } else if (!course_.closed(first_ + s)) {
        return true;
      }
    }
    return false;
  }

 private:
  using seat_type = seat<segment, Platform>;
  using run_type = stage_run<segment>;
  static constexpr std::int64_t alone_factor = 64;      // a whole pipeline on one worker touches no ring: longer batches cost nothing
  static constexpr std::int64_t detail_events = 128;    // of a batch that is timed stage by stage
  static constexpr std::uint32_t detail_every = 64;     // timed batches

  // ---- lanes
  [[nodiscard]] auto number_of(seat_type const& w) const noexcept -> std::size_t { return static_cast<std::size_t>(&w - seats_.get()); }

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
    if (!started_[s].read() && course_.now() < life::stopping && hear<hook::start>(w, s)) started_[s].write() = true;
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
      auto const end = end_.published();
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
    if (alone(r)) return from < end_.published() ? from + alone_factor * batch_ : from;
    auto const limit = ring_.reached(r.upstream);
    if (!r.from_producer) return limit;
    auto const entry = limit_at_the_entry();
    return entry < limit ? entry : limit;
  }

  auto drive(seat_type& w, std::size_t i, std::size_t j) noexcept -> bool {
    auto& r = run_from(w, i, j);
    auto const from = w.at[i];
    if constexpr (segment::has_retries)
      if (w.again_at[i] != 0) {
        if (Platform::now() < w.again_at[i]) return false;
        w.again_at[i] = 0;
      }
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
    if constexpr (segment::forgives) work.troubled = ring_.troubled.read();
    work.more = !segment::own_source && to != limit;
    bool const timed = pace.timed(n);
    auto const begin = timed ? Platform::now() : 0;
    auto const mid = timed && r.to - r.from > 1 && w.timed_batches++ % detail_every == 0 ? detail(w, r, from, to) : from;
    if (mid != to && !work.failed && !work.ended && !work.blocked) [[likely]] execute(work, r.list, w.at, mid, to);
    if constexpr (segment::forgives) note_failures(w);
    if constexpr (segment::feeds || segment::has_retries) {
      if (w.at[j - 1] != to && !work.failed) pace.not_done(to - w.at[j - 1]);
      if (std::exchange(work.blocked, false)) {
        if constexpr (segment::has_retries) pause_before_retry(w, i, j, to);
        if (w.at[i] == from) return w.full_looks.add(1), false;
      }
    }
    if (timed) [[unlikely]] {
      note_time(w, r, w.at[j - 1] - from, Platform::now() - begin);
      note_depth(w, r, limit);
    }
    for (auto s = i; s < j; ++s) {
      w.batches[s].add(1);
      if (!work.failed) hear<hook::batch_end>(w, s);
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
      course_.drain([&] { end_.publish(w.at[0]); });
      ring_.table.alert_all();
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
  // ---- failures that do not stop all

  /// The stage waits before it tries an event again: what stands beside it goes on without it.
  static auto pauses([[maybe_unused]] seat_type const& w, [[maybe_unused]] std::size_t s) noexcept -> bool {
    if constexpr (segment::has_retries) return w.again_at[s] != 0;
    else return false;
  }

  MILLRACE_COLD void note_failures(seat_type& w) noexcept {
    auto& work = w.work;
    if (work.troubled > ring_.troubled.read()) ring_.troubled.raise(work.troubled);  // before the cursors move
    for (std::size_t k = 0; k < segment::size; ++k)
      if (work.failures[k] != 0) w.failures[k + stages - segment::size].add(std::exchange(work.failures[k], 0));
  }
  /// Of the run [i, j) one stage stands before an event that it is to try again.
  MILLRACE_COLD void pause_before_retry(seat_type& w, std::size_t i, std::size_t j, sequence to) noexcept {
    for (auto s = i; s < j; ++s)
      if (segment::retries(s) && w.at[s] != to && w.work.pause_ns != 0) w.again_at[s] = Platform::now() + std::exchange(w.work.pause_ns, 0);
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

  /// Tells a stage's handler. False if it threw, which stops the runner: unless it started before, and the stage forgives.
  template <hook H>
  auto hear(seat_type& w, std::size_t s) noexcept -> bool {
    if constexpr (!any_hears<H, segment>()) return true;
    else {
      try {
        tell_stage<H, segment>(pipeline_->nodes, s);
        return true;
      } catch (...) {
        if constexpr (segment::forgives && H != hook::start)
          if (segment::in_the_end(s) != remedy::stop) return w.failures[s].add(1), false;
        fail(s, w.at[s], std::current_exception());
        return false;
      }
    }
  }
  MILLRACE_COLD void fail(std::size_t stage, sequence at, std::exception_ptr error) noexcept {
    course_.fail({std::move(error), first_ + stage, at}, [&] { front_->shut(); });
    ring_.table.alert_all();
  }
  /// The last thing that happens to a stage.
  MILLRACE_COLD void close(seat_type& w, std::size_t s) noexcept {
    if (!course_.closed(first_ + s)) {
      if (started_[s].read()) hear<hook::stop>(w, s);
      if (segment::expands(s)) out_.to->no_more();
      course_.close(first_ + s);
      if (course_.now() == life::over) ring_.table.alert_all();
    }
    put(w, s);
    w.wanted[s] = 0;
  }
  MILLRACE_COLD void close_finished(seat_type& w) noexcept {
    auto const end = end_.published();
    for (std::size_t s = 0; s < stages; ++s)
      if (w.held[s] != 0 && w.at[s] >= end) close(w, s);
  }
  /// Stopping: what this worker holds or ought to hold is closed where it stands.
  MILLRACE_COLD void wind_up(seat_type& w) noexcept {
    for (std::size_t s = 0; s < stages; ++s)
      if (w.held[s] != 0 || (w.wanted[s] != 0 && take(w, s))) close(w, s);
  }

  ring_type ring_;
  std::unique_ptr<Pipeline> pipeline_;  // apart from the ring: it goes with the runner
  std::array<typename Platform::template cell<bool>, stages> started_{};  // its handler was told; under the stage's hold bit
  cursor<Platform, site::version_publish, site::version_read> end_{sequence_limit};  // behind the last event, once it is known
  typename segment::outlet out_;                                                     // of the last stage, if it expands: under its hold bit
  lifecycle<Platform>& course_;
  intake* front_ = this;  // where events enter the pipeline
  std::size_t first_;
  std::int64_t batch_;
  std::size_t workers_;
  std::unique_ptr<seat_type[]> seats_;
};

}  // namespace millrace
