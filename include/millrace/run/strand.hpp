// SPDX-License-Identifier: MIT
// Drives the stages of one ring: what a worker does at each turn with the lanes that it holds. It runs adjacent stages that stand
// at one position as one inlined loop, moves their cursors, and wakes who waits.
#pragma once
#include <cstddef>
#include <cstdint>
#include <exception>
#include <utility>

#include <millrace/base/config.hpp>
#include <millrace/run/closing.hpp>
#include <millrace/run/execute.hpp>

namespace millrace {

template <typename Pipeline, typename Platform>
class strand final : public closing<Pipeline, Platform> {
  using base = closing<Pipeline, Platform>;
  using typename base::seat_type;
  using base::close_finished, base::course_, base::end_, base::fail, base::in_parts, base::limit_at_the_entry, base::pick_up, base::ring_, base::seats_,
      base::see_whether_whole, base::put, base::takers_, base::wind_up;

 public:
  using typename base::segment;
  static constexpr std::size_t stages = segment::stages;

  /// `first` is the number of its first stage in the whole pipeline; a worker takes at most `batch` events at a time.
  MILLRACE_COLD strand(Pipeline&& p, capacity slots, std::size_t first, std::size_t crew_size, std::int64_t batch, wait_policy const& wait, lifecycle<Platform>& course,
                       event_count<Platform>& others)
      : base{std::move(p), slots, first, crew_size, wait, course, others}, batch_{batch} {}

  // ---- the worker's side: see job

  /// Whether events passed.
  auto step(std::size_t worker, life now) noexcept -> bool {
    auto& w = seats_[worker];
    w.brief = w.missing;
    if (w.missing) [[unlikely]] pick_up(w), now = course_.now();  // a handler that does not start stops all
    if (now >= life::stopping) [[unlikely]] return wind_up(w), false;
    this->ticks_.look(this->pipeline_->nodes, w.held, [&](std::size_t s, std::int64_t at) { this->template hear<hook::tick>(w, s, w.held[s], at); });
    bool any = let_in(w);
    for (auto j = stages; j > 0;) {  // the last ones first: they make room
      if (w.pooled(j - 1)) {
        any |= drive_pools(w, j);
        continue;
      }
      if (w.held[j - 1] == 0) {
        --j;
        continue;
      }
      auto i = j - 1;
      if (in_parts(w, i)) {
        any |= drive_part(w, i);
        j = i;
        continue;
      }
      while (i > 0 && w.held[i - 1] != 0 && w.at[i - 1] == w.at[i] && !pauses(w, i - 1) && !in_parts(w, i - 1) && !segment::acks(i - 1)) --i;
      any |= drive(w, i, j);
      if constexpr (segment::any_pools)  // what a pool of several workers does in a turn is more than one batch of what stands beside it
        for (std::size_t k = 1; k < w.members && w.at[i] == w.at[j - 1] && course_.now() < life::stopping && drive(w, i, j);) ++k;
      j = i;
    }
    if (now == life::draining) [[unlikely]] close_finished(w);
    return any;
  }
 private:
  using run_type = stage_run<segment>;
  static constexpr bool ends_by_itself = segment::own_source && !segment::from_lanes;
  static constexpr std::int64_t alone_factor = 64;      // a whole pipeline on one worker touches no ring: longer batches cost nothing
  static constexpr std::int64_t detail_events = 128;    // of a batch that is timed stage by stage

  /// Those of its lanes that are behind, up to where the next of them stand.
  auto drive_part(seat_type& w, std::size_t s) noexcept -> bool {
    if constexpr (segment::any_shared) {
      auto& r = run_from(w, s, s + 1);
      auto const g = w.lanes[s].lowest(w.held[s]);
      if (r.known <= g.at && (r.known = limit_of(r, g.at)) <= g.at) return w.empty_looks.add(1), false;
      auto limit = g.next > r.known ? r.known : g.next;
      if constexpr (segment::any_keyed)
        if (auto const cut = w.cut_of(s); cut < limit) [[unlikely]] {
          if (cut <= g.at) return false;
          limit = cut;
        }
      auto& pace = w.paces[s];
      auto const n = pace.most(limit - g.at < batch_ ? limit - g.at : batch_, w.brief);
      auto& work = w.work;
      work.lanes = g.lanes;
      work.more = g.at + n != r.known;
      if constexpr (segment::many_producers) work.dead = ring_.producer.dead();  // after the limit was read
      if constexpr (segment::forgives) work.troubled = ring_.troubled.read();
      bool const timed = pace.timed(n);
      auto const begin = timed ? Platform::now() : 0;
      auto const to = w.bodies->shared(s, segment::forgives && work.troubled > g.at)(work, g.at, g.at + n);
      if (timed) note_time(w, s, s + 1, to - g.at, Platform::now() - begin);
      if constexpr (segment::forgives) note_failures(w);
      w.batches[s].add(1);
      if (!work.failed) this->template hear<hook::batch_end>(w, s, g.lanes);
      w.lanes[s].move(g.lanes, to);
      Platform::template fault<fault_site::publish>();
      ring_.stage[s].advance(g.lanes, to);
      ring_.stage[s].waiting.notify(ring_.table);
      if (to == g.next) see_whether_whole(w, s);
      if (std::exchange(work.failed, false)) [[unlikely]] fail(work.failed_stage, to, std::exchange(work.error, nullptr));
      return true;
    } else {
      return false;
    }
  }

  // ---- pools

  /// Takes lanes of a pool; what it got is in `w.held` until they are put down.
  auto take_of_pool(seat_type& w, std::size_t s, lane_mask wanted) noexcept -> lane_mask {
    Platform::template fault<fault_site::take>();
    auto& stage = ring_.stage[s];
    auto const got = w.held[s] = stage.take(wanted);
    if (got == 0) return 0;
    takers_[s].put_up(static_cast<std::int64_t>(base::number_of(w)));
    for (auto m = got; m != 0; m &= m - 1) {
      auto const l = static_cast<std::size_t>(std::countr_zero(m));
      w.lanes[s].at[l] = stage.at(l);
    }
    base::see_watch(w);
    return got;
  }
  void put_pools(seat_type& w, std::size_t i, std::size_t j) noexcept {
    for (auto s = i; s < j; ++s)
      if (w.held[s] != 0) put(w, s, w.held[s]);
  }
  /// The row of pools that ends before j: as one loop, if the worker wants the same lanes of all. Goes on before it.
  auto drive_pools(seat_type& w, std::size_t& j) noexcept -> bool {
    auto i = j - 1;
    while (i > 0 && segment::row_of_pools(i) != j) --i;
    bool row = segment::row_of_pools(i) == j && i + 1 < j;
    for (auto s = i; row && s < j; ++s) row = w.pooled(s) && w.wanted[s] == w.wanted[i];
    if (!row) return --j, drive_pool(w, j, j + 1);
    bool any = false;
    if (w.apart)  // somebody has run less than the row
      for (auto s = j - 1; s > i; --s) any |= drive_pool(w, s, s + 1);
    w.apart = any;
    any |= drive_pool(w, i, j);
    if (!any) w.apart = true;
    return j = i, any;
  }
  /// A claim of the pools [i, j).
  auto drive_pool(seat_type& w, std::size_t i, std::size_t j) noexcept -> bool {
    if constexpr (segment::any_pools) {
      auto& r = run_from(w, i, i + 1);
      auto& stage = ring_.stage[i];
      if constexpr (segment::many_producers)
        if (stage.at(w.pools[i].lane_of(r.known)) > r.known) r.known = stage.reached();  // others have done it: its slot may be in a later lap
      if (auto const there = limit_of(r, r.known); there > r.known) r.known = there;
      auto const limit = r.known;  // to take lanes may bring another list of runs
      auto const wanted = w.pools[i].choose(stage, w.wanted[i], limit, w.pools[i].share(limit, w.paces[i].most(batch_)));
      if (wanted.lanes == 0) return w.empty_looks.add(1), false;
      auto const got = take_of_pool(w, i, wanted.lanes);
      if (got == 0) return false;
      if (course_.now() >= life::stopping) [[unlikely]] return put_pools(w, i, i + 1), false;  // the event may be the one that has failed
      if (wanted.events == 0) {
        w.pools[i].move_on(stage, got);
        stage.waiting.notify(ring_.table);
      } else if (auto const c = w.pools[i].sure(stage, wanted, got); c.events != 0) {
        if (j > i + 1 && !take_row(w, i, j, c)) j = i + 1;
        run_claim(w, i, j, c, limit);
      }
      put_pools(w, i, j);
      return true;
    } else {
      return false;
    }
  }
  /// Takes the lanes of a claim of stage i of those behind it too. False: it has not got all, or they do not stand where the first does.
  auto take_row(seat_type& w, std::size_t i, std::size_t j, pool_claim const& c) noexcept -> bool {
    if constexpr (segment::forgives)
      if (ring_.troubled.read() > c.from) return !(w.apart = true);
    for (auto s = i + 1; s < j; ++s) {
      bool same = take_of_pool(w, s, c.lanes) == c.lanes;
      for (auto m = c.lanes; same && m != 0; m &= m - 1) {
        auto const l = static_cast<std::size_t>(std::countr_zero(m));
        same = w.lanes[s].at[l] == w.lanes[i].at[l];
      }
      if (same) continue;
      put_pools(w, i + 1, s + 1);
      return !(w.apart = true);
    }
    return true;
  }
  void run_claim(seat_type& w, std::size_t i, std::size_t j, pool_claim const& c, sequence limit) noexcept {
    auto& work = w.work;
    work.lanes = c.lanes;
    work.more = c.to != limit;
    if constexpr (segment::many_producers) work.dead = ring_.producer.dead();  // after the limit was read
    if constexpr (segment::forgives) work.troubled = ring_.troubled.read();
    bool const timed = w.paces[i].timed(c.events);
    auto const begin = timed ? Platform::now() : 0;
    auto const body = j > i + 1 ? w.bodies->row(i) : w.bodies->shared(i, segment::forgives && work.troubled > c.from);
    auto const to = body(work, c.from, c.to);
    if (timed) note_time(w, i, j, c.events, Platform::now() - begin);
    if constexpr (segment::forgives) note_failures(w);
    for (auto s = i; s < j; ++s) {
      w.batches[s].add(1);
      Platform::template fault<fault_site::publish>();
      w.pools[s].settle(ring_.stage[s], c, work.failed && s < work.failed_stage ? to + 1 : to);
      ring_.stage[s].waiting.notify(ring_.table);
    }
    if (std::exchange(work.failed, false)) [[unlikely]] fail(work.failed_stage, to, std::exchange(work.error, nullptr));
  }

  // ---- events

  [[nodiscard]] auto run_from(seat_type& w, std::size_t i, std::size_t j) noexcept -> run_type& {
    auto& r = w.runs[i];
    if (r.to == j) [[likely]] return r;
    r = run_type{.from = i, .to = j, .list = w.bodies->compose(i, j)};
    r.alone = segment::own_source && i == 0 && j == stages && r.list.parts == 1 && !base::watch_.on(w.spell);
    for (auto s = i; s < j; ++s) {
      if (segment::waits_for(s) == 0) r.from_producer = true;
      r.upstream |= segment::waits_for(s) & ~segment::nodes_between(i, j);
    }
    return r;
  }
  [[nodiscard]] static constexpr auto alone(run_type const& r) noexcept -> bool { return segment::own_source && !segment::any_acks && r.alone; }
  [[nodiscard]] auto limit_of(run_type const& r, sequence from) noexcept -> sequence {
    if constexpr (segment::from_lanes) {
      if (r.from_producer) {
        auto const there = ring_.in_lanes.look(base::pipeline_->from.next), room = ring_.gate.reached() + ring_.size.slots();
        return alone(r) || there < room ? there : room;
      }
    }
    if (alone(r)) return from < end_.published() ? from + alone_factor * batch_ : from;
    auto const limit = ring_.reached(r.upstream);
    if (!r.from_producer) return limit;
    auto const entry = limit_at_the_entry(from);
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
      if (ends_by_itself && r.from_producer) w.full_looks.add(1);
      else w.empty_looks.add(1);
      return false;
    }
    auto limit = r.known;
    if constexpr (segment::any_keyed)
      if (w.halting) [[unlikely]] {
        for (auto s = i; s < j; ++s) limit = w.cut_of(s) < limit ? w.cut_of(s) : limit;
        if (limit <= from) return false;
      }
    auto const found = limit - from;
    if (ends_by_itself && r.from_producer) r.known = 0;  // the source may end before: look each time
    auto& pace = w.paces[i];
    auto const n = pace.most(found < batch_ || alone(r) ? found : batch_, w.brief);
    auto const to = from + n;
    auto& work = w.work;
    if constexpr (segment::forgives) work.troubled = ring_.troubled.read();
    work.more = !ends_by_itself && to != limit;
    if constexpr (segment::many_producers) work.dead = ring_.producer.dead();  // after the limit was read
    bool const timed = pace.timed(n);
    auto const begin = timed ? Platform::now() : 0;
    auto const mid = timed && r.to - r.from > 1 && !base::watch_.on(w.spell) && stage_cost::due(w.timed_batches++) ? detail(w, r, from, to) : from;
    if (mid != to && !work.failed && !work.ended && !work.blocked) [[likely]] millrace::execute(work, r.list, w.at, mid, to, *w.bodies);
    if constexpr (segment::forgives) note_failures(w);
    if constexpr (segment::any_sends)
      if (segment::sends(i)) base::no_room_[i].add((work.blocked ? 1 : 0) - base::no_room_[i].read());
    if constexpr (segment::feeds || segment::any_sends || segment::has_retries) {
      if (w.at[j - 1] != to && !work.failed) pace.not_done(to - w.at[j - 1]);
      if (std::exchange(work.blocked, false)) {
        if constexpr (segment::has_retries) pause_before_retry(w, i, j, to);
        if (w.at[i] == from) return w.full_looks.add(1), false;
      }
    }
    if (timed) [[unlikely]] {
      note_time(w, i, j, w.at[j - 1] - from, Platform::now() - begin);
      note_depth(w, r, limit);
    }
    for (auto s = i; s < j; ++s) {
      w.batches[s].add(1);
      if (!work.failed) this->template hear<hook::batch_end>(w, s, w.held[s]);
    }
    for (auto s = i; s < j; ++s) {
      Platform::template fault<fault_site::publish>();
      move_cursor(w, s);
      ring_.stage[s].waiting.notify(ring_.table);
    }
    if (work.failed) [[unlikely]] {
      work.failed = false;
      fail(work.failed_stage, w.at[work.failed_stage], std::exchange(work.error, nullptr));
    } else if (work.ended) [[unlikely]] {
      work.ended = false;
      course_.drain([&] { end_.publish(w.at[0]); });
      ring_.table.alert_all();
    } else if constexpr (!ends_by_itself) {
      if (r.from_producer && looks) w.lazy.after(found, ring_.size.slots());
    }
    return true;
  }

  /// Who has the first stage moves events that wait beside the ring into it. Whether there were some, and room.
  auto let_in([[maybe_unused]] seat_type& w) noexcept -> bool {
    if constexpr (base::ring_type::waits_beside) {
      if (w.wanted[0] == 0 || ring_.overflow.waiting() == 0) return false;
      try {
        typename decltype(ring_.overflow)::visit const mine{ring_.overflow, nullptr};
        return mine && ring_.overflow.pour(ring_, ring_.overflow.at_a_time) != 0;
      } catch (...) {
        fail(0, ring_.in_order(), std::current_exception());
      }
    }
    return false;
  }
  /// Moves the cursor of a stage.
  MILLRACE_INLINE void move_cursor(seat_type& w, std::size_t s) noexcept {
    if constexpr (segment::any_acks)
      if (segment::acks(s)) return base::acks_.ran(s, w.work, w.at[s], ring_.stage[s]);
    ring_.stage[s].advance(w.held[s], w.at[s]);
  }

  // ---- time

  /// The first events of a timed batch are now and then run stage by stage, to know what each stage of a fused run costs. Returns
  /// where it stopped.
  MILLRACE_COLD auto detail(seat_type& w, run_type const& r, sequence from, sequence to) noexcept -> sequence {
    auto end = to - from < detail_events ? to : from + detail_events;
    if (end - from > ring_.size.slots()) end = from + ring_.size.slots();
    auto const more = std::exchange(w.work.more, w.work.more || end != to);
    end = millrace::execute_singly<Platform>(w.work, r.from, r.to, w.at, from, end, [&](std::size_t s, std::int64_t n, std::int64_t ns) { w.cost[s].looked(n, ns); });
    w.work.more = more;
    return end;
  }
  MILLRACE_COLD void note_time(seat_type& w, std::size_t i, std::size_t j, std::int64_t n, std::int64_t ns) noexcept {
    if (n <= 0) return;
    auto const all = static_cast<double>(ns) * w.paces[i].took(n, ns);
    std::int64_t sum = 0;
    for (auto s = i; s < j; ++s) sum += w.cost[s].each();
    for (auto s = i; s < j; ++s) {
      auto const share = sum == 0 ? 1.0 / static_cast<double>(j - i) : static_cast<double>(w.cost[s].each()) / static_cast<double>(sum);
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

  std::int64_t batch_;
};

}  // namespace millrace
