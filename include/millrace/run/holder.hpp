// SPDX-License-Identifier: MIT
// The stages of one ring, and who holds which lanes of them: what a worker takes and puts down, what its handlers hear, how stages
// end. Which events are run is said in strand.hpp.
#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <utility>

#include <millrace/base/config.hpp>
#include <millrace/base/owned.hpp>
#include <millrace/plan/plan.hpp>
#include <millrace/run/acks.hpp>
#include <millrace/run/halt.hpp>
#include <millrace/run/job.hpp>
#include <millrace/run/lifecycle.hpp>
#include <millrace/run/lulls.hpp>
#include <millrace/run/next_ring.hpp>
#include <millrace/run/seat.hpp>
#include <millrace/run/senders.hpp>
#include <millrace/run/shared_ring.hpp>
#include <millrace/run/ticks.hpp>
#include <millrace/run/watch.hpp>
#include <millrace/stage/hearing.hpp>
#include <millrace/sync/flag_set.hpp>

namespace millrace {

template <typename Pipeline, typename Platform>
class holder : public intake {
  template <typename OtherPipeline, typename OtherPlatform>
  friend class holder;

 public:
  using segment = millrace::segment<Pipeline>;
  using event = typename segment::event;
  using ring_type = shared_ring<segment, Platform>;
  static constexpr std::size_t stages = segment::stages;

  /// `first` is the number of its first stage in the whole pipeline.
  MILLRACE_COLD holder(Pipeline&& p, capacity slots, std::size_t first, std::size_t crew_size, wait_policy const& wait, lifecycle<Platform>& course,
                       event_count<Platform>& others)
      : ring_{slots, wait, others}, pipeline_{new Pipeline(std::move(p))}, acks_{slots}, course_{course}, first_{first}, workers_{crew_size}, seats_{new seat_type[crew_size]} {
    if constexpr (segment::from_lanes) ring_.in_lanes.open(pipeline_->from.next, slots, wait, others, ring_.table);
    if constexpr (ring_type::waits_beside) ring_.overflow.open(std::move(pipeline_->from.full), slots);
    if constexpr (segment::replies) ring_.open_desk(pipeline_->nodes, wait);
    for (std::size_t s = 0; s < stages; ++s)
      if (segment::shares(s) != sharing::none) ring_.stage[s].make_shared();
    [&]<std::size_t... K>(std::index_sequence<K...>) { (millrace::multiply(millrace::get<K>(pipeline_->nodes).f), ...); }(std::make_index_sequence<segment::size>{});
    for (std::size_t i = 0; i < crew_size; ++i) seats_[i].work = {.slots = &ring_.slots, .nodes = &pipeline_->nodes, .from = &pipeline_->from, .mask = slots.mask(), .out = &out_, .error = nullptr};
  }

  [[nodiscard]] auto ring() noexcept -> ring_type& { return ring_; }
  [[nodiscard]] auto ring() const noexcept -> ring_type const& { return ring_; }
  [[nodiscard]] auto first_stage() const noexcept -> std::size_t { return first_; }
  [[nodiscard]] auto seat_of(std::size_t worker) const noexcept -> seat<segment, Platform> const& { return seats_[worker]; }
  /// Behind the last event; sequence_limit until that is known.
  [[nodiscard]] auto end() const noexcept -> sequence { return end_.published(); }
  [[nodiscard]] auto watched() noexcept -> watch<segment, Platform>& { return watch_; }
  [[nodiscard]] auto halts_of_stages() noexcept -> auto& { return halts_; }
  [[nodiscard]] auto handlers() const noexcept -> typename segment::nodes const& { return pipeline_->nodes; }
  /// Everything up to event `at` is acknowledged to a stage that waits for it.
  /// Called by  any thread.
  void acknowledge(std::size_t s, sequence at) noexcept {
    acks_[s].up_to(at + 1, ring_.stage[s]);
    ring_.stage[s].waiting.notify(ring_.table);
  }
  /// The next event of a lane's handler: where its cursor stands, unless that waits for acknowledgements.
  [[nodiscard]] auto stands_at(std::size_t s, std::size_t l = 0) const noexcept -> sequence {
    if constexpr (segment::any_acks)
      if (segment::acks(s)) return acks_[s].seen();
    return ring_.stage[s].at(l);
  }
  /// The same without the way to its next event: what it has done ends here.
  [[nodiscard]] auto has_done(std::size_t s, std::size_t l) const noexcept -> sequence {
    return segment::pools(s) ? dealing{ring_.size.slots()}.behind_last_of_lane(l, stands_at(s, l)) : stands_at(s, l);
  }
  /// Events that failed without stopping all.
  [[nodiscard]] MILLRACE_COLD auto failed() const noexcept -> std::int64_t {
    std::int64_t sum = 0;
    if constexpr (segment::forgives)
      for (std::size_t w = 0; w < workers_; ++w)
        for (auto const& n : seats_[w].failures) sum += n.read();
    return sum;
  }
  /// The worker that was the last to take lanes of stage `s`.
  [[nodiscard]] auto taker(std::size_t s) const noexcept -> std::size_t { return static_cast<std::size_t>(takers_[s].read()); }
  /// The stage that expands publishes into the ring of `next`.
  template <typename Next>
  void feed(Next& next) noexcept {
    out_.open(millrace::get<0>(next.ring().slots.columns), next.ring().size.mask(), next);
    next.front_ = front_;
  }
  /// See millrace::each_sender.
  template <typename F>
  void each_sender(F f) { millrace::each_sender<segment>(pipeline_->nodes, f); }
  /// The stage publishes into another runner, and had no room there when it was last driven.
  [[nodiscard]] auto without_room([[maybe_unused]] std::size_t s) const noexcept -> bool {
    if constexpr (segment::any_sends) return no_room_[s].read() != 0;
    else return false;
  }
  /// Nothing more enters; what has entered is to pass.
  MILLRACE_COLD void end_entry() noexcept { end_.publish(close_entry()); }
  MILLRACE_COLD auto close_entry() noexcept -> sequence {
    if constexpr (segment::from_lanes) return ring_.in_lanes.close();
    else return ring_.close(), ring_.producer.end();
  }
  /// Destroys the handlers, which nobody may touch any more. Events go with the strand: a publish may still be under way.
  MILLRACE_COLD void dissolve() noexcept {
    if constexpr (segment::replies) ring_.desk->sweep();
    pipeline_.reset();
  }

  // ---- intake: the stage of the ring before this one publishes here, under its hold bit
  auto room() noexcept -> sequence override {
    if constexpr (segment::many_producers) return 0;  // no stage stands before it
    else {
      std::int64_t got = 0;
      static_cast<void>(ring_.producer.try_claim_up_to(ring_.size.slots(), ring_.gate, got));
      return ring_.producer.next() + got;
    }
  }
  void show([[maybe_unused]] std::int64_t n) noexcept override {
    if constexpr (!segment::many_producers) static_cast<void>(ring_.producer.publish(n, ring_.table));
  }
  auto has_room() noexcept -> bool override { return ring_.entered() - ring_.gate.reached() < ring_.size.slots(); }
  void wait_for_room(std::size_t bit) noexcept override { ring_.gate.add_waiter(bit); }
  MILLRACE_COLD void shut() noexcept override { static_cast<void>(close_entry()); }
  MILLRACE_COLD void no_more() noexcept override {
    end_entry();
    ring_.table.alert_all();
  }

  // ---- the worker's side: see job

  /// Puts down what the plan gives to others.
  MILLRACE_COLD void adopt(std::size_t worker, plan const& p) noexcept {
    auto& w = seats_[worker];
    w.members = 1, w.apart = true;
    see_halts(w);  // before it puts down what others may never take
    for (std::size_t s = 0; s < stages; ++s) {
      w.wanted[s] = worker < p.workers() ? p.lanes(worker, first_ + s) : 0;
      see_whether_pooled(w, worker, s, p);
      if (auto const theirs = w.pooled(s) ? w.held[s] : w.held[s] & ~w.wanted[s]; theirs != 0) put(w, s, theirs);
    }
    w.missing = true;
    see_watch(w);
  }
  MILLRACE_COLD void lull(std::size_t worker) noexcept {
    auto& w = seats_[worker];
    for (std::size_t s = 0; s < stages; ++s)
      if (auto const news = w.halted(s) ? 0 : lulls_.news(s, w.held[s], [&](std::size_t l) { return lane_at(w, s, l); }); news != 0) hear<hook::idle>(w, s, news);
  }
  MILLRACE_COLD void put_down(std::size_t worker) noexcept {
    auto& w = seats_[worker];
    for (std::size_t s = 0; s < stages; ++s)
      if (w.held[s] != 0) put(w, s, w.held[s]);
    w.missing = true;
  }
  MILLRACE_COLD auto due(std::size_t worker) const noexcept -> std::int64_t {
    auto first = INT64_MAX;
    auto const& w = seats_[worker];
    for (std::size_t s = 0; s < stages && ticks_.any; ++s)  // who holds a stage ticks it, and wakes us who have asked when he puts it down
      if (w.wanted[s] != 0 && ((w.asked >> s & 1) == 0 || ring_.stage[s].held() == 0) && ticks_.next(s) < first) first = ticks_.next(s);
    return first;
  }
  MILLRACE_COLD void lie_down(std::size_t worker) noexcept {
    put_down(worker);
    auto& w = seats_[worker];
    w.asked = w.waits_elsewhere = 0;
    for (std::size_t s = 0; s < stages; ++s) {
      if (w.wanted[s] == 0) continue;
      if constexpr (ring_type::waits_beside)
        if (s == 0 && (w.waits_at_gate = ring_.overflow.waiting() != 0)) ring_.gate.add_waiter(worker);
      auto const upstream = segment::waits_for(s);
      if (upstream == 0) {
        if constexpr (segment::from_lanes) ring_.in_lanes.add_waiter(worker);
        if constexpr (segment::own_source) ring_.gate.add_waiter(worker);
        else ring_.producer.waiting().add(worker);
      }
      for (auto m = upstream; m != 0; m &= m - 1) ring_.stage[static_cast<std::size_t>(std::countr_zero(m))].waiting.add(worker);
      if (segment::expands(s) || segment::awaits_parts(s)) out_.to->wait_for_room(worker);
      if (segment::sends(s) && millrace::announce_to_sender<segment>(pipeline_->nodes, s, worker)) w.waits_elsewhere |= bit(s);
      if (segment::acks(s) && course_.now() >= life::draining) ring_.stage[s].waiting.add(worker);  // it closes when all is acknowledged
    }
  }
  /// It registers beside a hold bit only when it sees the lane held: who puts a lane down would wake others who only lie there, and
  /// they him, for ever.
  MILLRACE_COLD auto look_again(std::size_t worker, life now) noexcept -> prospect {
    auto& w = seats_[worker];
    if constexpr (ring_type::waits_beside)
      if (now < life::stopping && w.wanted[0] != 0 && ring_.overflow.waiting() != 0 && (!w.waits_at_gate || has_room())) return prospect::some;
    auto found = prospect::none;
    for (std::size_t s = 0; s < stages; ++s) {
      auto const held = ring_.stage[s].held();
      if ((w.wanted[s] & held) != 0 && (w.asked >> s & 1) == 0) {
        w.asked |= std::uint64_t{1} << s;
        ring_.stage[s].wanting.add(worker);
        found = prospect::again;
      }
      auto const mine = w.wanted[s] & ~held;
      if (mine == 0) continue;
      auto const at = segment::acks(s) ? stands_at(s) : ring_.stage[s].reached(mine);
      if (w.cut_of(s) <= at) continue;  // until it is let go, which alerts all
      if (now < life::draining || at < end_.published()) {
        auto const upstream = segment::waits_for(s);
        if (now == life::stopping) return prospect::some;
        if ((upstream != 0 ? ring_.reached(upstream) : limit_at_the_entry(at)) > at && millrace::next_ring_lets<segment>(s, out_, ring_, at) &&
            (!segment::sends(s) || (w.waits_elsewhere & bit(s)) == 0 || millrace::sender_has_room<segment>(pipeline_->nodes, s)))
          return prospect::some;
        if constexpr (segment::many_producers) found = upstream == 0 && found == prospect::none && ring_.producer.under_way(at) ? prospect::soon : found;
      } else if (!course_.closed(first_ + s) && (now == life::stopping || released(s))) {
        return prospect::some;
      }
    }
    return found;
  }

 protected:
  using seat_type = seat<segment, Platform>;

  // ---- lanes
  [[nodiscard]] auto number_of(seat_type const& w) const noexcept -> std::size_t { return static_cast<std::size_t>(&w - seats_.get()); }

  MILLRACE_COLD void pick_up(seat_type& w) noexcept {
    w.missing = false;
    for (std::size_t s = 0; s < stages; ++s)
      if (!w.pooled(s) && (w.wanted[s] & ~w.held[s]) != 0 && !take(w, s)) w.missing = true;
  }
  /// Whether it now holds all that it wants.
  auto take(seat_type& w, std::size_t s) noexcept -> bool {
    Platform::template fault<fault_site::take>();
    auto& stage = ring_.stage[s];
    auto const got = stage.take(w.wanted[s] & ~w.held[s]);
    if (got == 0) return false;
    w.held[s] |= got;
    takers_[s].put_up(static_cast<std::int64_t>(number_of(w)));
    if constexpr (segment::any_shared) {
      if (segment::shares(s) != sharing::none) take_positions(w, s, got);
      else w.at[s] = stands_at(s);
    } else {
      w.at[s] = stands_at(s);
    }
    see_watch(w);
    see_halts(w);
    if constexpr (any_hears<hook::start, segment>() || any_hears<hook::stop, segment>() || any_hears<hook::tick, segment>()) start(w, s, got);
    return (w.wanted[s] & ~w.held[s]) == 0;
  }
  void put(seat_type& w, std::size_t s, lane_mask mine) noexcept {
    Platform::template fault<fault_site::put>();
    if constexpr (segment::any_shared)
      if (segment::shares(s) != sharing::none && std::exchange(w.lanes[s].whole, false)) w.lanes[s].move(w.held[s], w.at[s]);
    w.held[s] &= ~mine;
    ring_.stage[s].put(mine);
    ring_.stage[s].wanting.notify(ring_.table);
  }
  /// The handlers of these lanes hear of the start, if they have not yet.
  MILLRACE_COLD void start(seat_type& w, std::size_t s, lane_mask got) noexcept {
    for (; got != 0 && course_.now() < life::stopping; got &= got - 1) {
      auto const l = static_cast<std::size_t>(std::countr_zero(got));
      if (!started_[s][l].read() && hear<hook::start>(w, s, lane_mask{1} << l)) started_[s][l].write() = true, ticks_.begin(pipeline_->nodes, s);
    }
  }

  /// Whether somebody looks on has changed: other bodies from here on.
  MILLRACE_COLD void see_watch(seat_type& w) noexcept {
    auto const spell = watch_.spell();
    if (spell != std::exchange(w.spell, spell)) w.runs = {}, w.bodies = watch_.bodies_for(spell);
    if (!watch_.on(spell)) return;
    bool news = false;
    for (std::size_t s = 0; s < stages; ++s)
      for (auto m = w.held[s]; m != 0; m &= m - 1) {
        auto const l = static_cast<std::size_t>(std::countr_zero(m));
        if (watch_.begins(s, l, spell, lane_at(w, s, l))) news = true;
      }
    if (news) ring_.others.alert();
  }
  static auto lane_at(seat_type const& w, std::size_t s, [[maybe_unused]] std::size_t l) noexcept -> sequence {
    if constexpr (segment::any_pools)
      if (segment::pools(s)) return dealing{w.work.mask + 1}.behind_last_of_lane(l, in_parts(w, s) ? w.lanes[s].at[l] : w.at[s]);
    if constexpr (segment::any_shared)
      if (in_parts(w, s)) return w.lanes[s].at[l];
    return w.at[s];
  }
  /// The cursor of a stage that waits for acknowledgements stands at the end.
  [[nodiscard]] auto released([[maybe_unused]] std::size_t s) const noexcept -> bool {
    if constexpr (segment::any_acks) return !segment::acks(s) || ring_.stage[s].at(0) >= end_.published();
    else return true;
  }

  // ---- pools
  MILLRACE_COLD void see_whether_pooled([[maybe_unused]] seat_type& w, [[maybe_unused]] std::size_t worker, [[maybe_unused]] std::size_t s, [[maybe_unused]] plan const& p) noexcept {
    if constexpr (segment::any_pools) {
      if (!segment::pools(s)) return;
      std::size_t others = 0;
      for (std::size_t v = 0; v < p.workers(); ++v)
        if (v != worker && (p.lanes(v, first_ + s) & w.wanted[s]) != 0) ++others;
      w.pools[s].open(others, ring_.stage[s].reached(), dealing{ring_.size.slots()});
      if (others + 1 > w.members) w.members = others + 1;
    }
  }

  // ---- halts, see halt.hpp
  MILLRACE_COLD void see_halts([[maybe_unused]] seat_type& w) noexcept {
    if constexpr (segment::any_keyed) {
      bool news = false;
      w.halting = false;
      for (std::size_t s = 0; s < stages; ++s) {
        w.cut[s] = halts_.cut(s);
        w.halting = w.halting || w.halted(s);
        if (w.held[s] != 0 && w.cut[s] == 0) news = halts_.stands(s, w.held[s]) || news;
      }
      if (news) ring_.others.alert();
    }
  }

  // ---- parts of a shared stage
  /// The worker has some of the lanes, or they stand at different positions.
  static auto in_parts([[maybe_unused]] seat_type const& w, [[maybe_unused]] std::size_t s) noexcept -> bool {
    if constexpr (segment::any_shared) return segment::shares(s) != sharing::none && !w.lanes[s].whole;
    else return false;
  }
  MILLRACE_COLD void take_positions(seat_type& w, std::size_t s, lane_mask got) noexcept {
    if constexpr (segment::any_shared) {
      for (auto m = got; m != 0; m &= m - 1) {
        auto const l = static_cast<std::size_t>(std::countr_zero(m));
        w.lanes[s].at[l] = ring_.stage[s].at(l);
      }
      see_whether_whole(w, s);
    }
  }
  static void see_whether_whole(seat_type& w, std::size_t s) noexcept {
    auto const g = w.lanes[s].lowest(w.held[s]);
    if (g.lanes != segment::lanes(s)) return;
    w.lanes[s].whole = true;
    w.at[s] = g.at;
  }

  /// How far a stage may run that waits for no other: to the producer, or as a source as far as there is room.
  [[nodiscard]] auto limit_at_the_entry([[maybe_unused]] sequence at) noexcept -> sequence {
    if constexpr (segment::own_source) {
      auto const room = ring_.gate.reached() + ring_.size.slots();
      auto const end = [&] {
        if constexpr (segment::from_lanes) return ring_.in_lanes.readable();
        else return end_.published();
      }();
      return room < end ? room : end;
    } else {
      return ring_.producer.readable(at);
    }
  }

  // ---- hooks and ends
  /// Tells a stage's handler. False if it threw, which stops the runner: unless it started before, and the stage forgives.
  template <hook H, typename... What>
  auto hear(seat_type& w, std::size_t s, [[maybe_unused]] lane_mask mine, What... what) noexcept -> bool {
    if constexpr (!any_hears<H, segment>()) return true;
    else {
      try {
        millrace::tell_stage<H, segment>(pipeline_->nodes, s, mine, what...);
        return true;
      } catch (...) {
        if constexpr (segment::forgives && H != hook::start)
          if (segment::in_the_end(s) != remedy::stop) return w.failures[s].add(1), false;
        fail(s, w.at[s], std::current_exception(), false);
        return false;
      }
    }
  }
  /// `of_event`: its handler has thrown for event `at`, not a hook between two events.
  MILLRACE_COLD void fail(std::size_t stage, sequence at, std::exception_ptr error, [[maybe_unused]] bool of_event = true) noexcept {
    if constexpr (segment::replies)
      if (of_event) ring_.desk->fail(ring_.size.slot_of(at), error);
    course_.fail({std::move(error), first_ + stage, at}, [&] { front_->shut(); });
    ring_.table.alert_all();
  }

  ring_type ring_;
  owned<Pipeline> pipeline_;  // apart from the ring: it goes with the runner
  std::array<std::array<typename Platform::template cell<bool>, segment::any_shared ? most_lanes : 1>, stages> started_{};  // the lane's handler was told; under its hold bit
  std::array<notice<Platform>, stages> takers_{};
  [[no_unique_address]] ticks<segment, Platform> ticks_;
  [[no_unique_address]] lulls<segment, Platform> lulls_;
  std::array<flag_set<Platform>, segment::any_shared ? stages : 0> closed_lanes_;
  cursor<Platform, site::version_publish, site::version_read> end_{sequence_limit};  // behind the last event, once it is known
  watch<segment, Platform> watch_;
  [[no_unique_address]] std::conditional_t<segment::any_keyed, halts<stages, Platform>, nothing> halts_;
  [[no_unique_address]] acks<segment, Platform> acks_;
  std::array<tally<Platform>, segment::any_sends ? stages : 0> no_room_;
  typename segment::outlet out_;                                                     // of the last stage, if it expands: under its hold bit
  lifecycle<Platform>& course_;
  intake* front_ = this;  // where events enter the pipeline
  std::size_t first_;
  std::size_t workers_;
  owned<seat_type[]> seats_;
};

}  // namespace millrace
