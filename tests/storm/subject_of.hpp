// SPDX-License-Identifier: MIT
// The subject of a shape: a type with a name, and a sentence whose handlers live in a world.
#pragma once
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <millrace/dsl/sentence.hpp>
#include <millrace/run/run_inline.hpp>

#include "storm/state.hpp"
#include "storm/subject.hpp"

namespace storm {

namespace mr = millrace;

/// The first `counts[p]` events of each producer p in turns, made as they are looked at.
template <typename Event>
struct numbered {
  std::vector<std::uint64_t> const& counts;
  struct iterator {
    std::vector<std::uint64_t> const& counts;
    std::uint64_t at;
    auto operator*() const -> Event { return Event::make(at, at); }
    auto operator++() -> iterator& { return ++at, skip(); }
    auto operator!=(iterator const& other) const -> bool { return at != other.at; }
    auto skip() -> iterator& {
      for (std::size_t tried = 0; tried < counts.size() && at / counts.size() >= counts[at % counts.size()]; ++tried) ++at;
      if (at / counts.size() >= *std::max_element(counts.begin(), counts.end())) at = ~std::uint64_t{0};
      return *this;
    }
  };
  [[nodiscard]] auto begin() const -> iterator { return iterator{counts, 0}.skip(); }
  [[nodiscard]] auto end() const -> iterator { return {counts, ~std::uint64_t{0}}; }
};

template <typename Shape>
class subject_of final : public subject {
  using pipeline = decltype(Shape::sentence(std::declval<world&>()));
  using runner = mr::runner<pipeline>;
  using engine = typename runner::engine_type;
  using event = typename engine::event;
  static constexpr bool from_lanes = engine::segment::from_lanes;
  static constexpr bool own_source = engine::segment::own_source && !from_lanes;
  static constexpr std::size_t producers = from_lanes || engine::segment::many_producers ? world::many : 1;
  /// A stage without a handler of the storm's.
  template <typename Segment>
  static constexpr auto silent(std::size_t s) -> bool { return Segment::deals(s) || (Segment::from_lanes && s == 0); }

 public:
  static auto entry() -> shape {
    auto const stages = engine::planned();
    bool constrained = false;
    std::size_t least = 1;
    for (std::size_t s = 0; s < stages.size(); ++s) {
      constrained |= stages[s].apart != 0 || stages[s].together != mr::bit(s) || limits_workers(stages[s]);
      if (stages[s].apart != 0) least = std::max<std::size_t>(least, 2);
      if (limits_workers(stages[s])) least = std::max(least, stages[s].least);
    }
    return {.name = Shape::name, .own_source = own_source, .stages = stages.size(), .least_workers = least, .constrained = constrained, .producers = producers,
            .make = []() -> std::unique_ptr<subject> { return std::make_unique<subject_of>(); }};
  }

  [[nodiscard]] auto stages() const -> mr::stage_list override { return engine::planned(); }
  [[nodiscard]] auto is(kind k, std::size_t stage) const -> bool override {
    bool yes = false;
    each_stage([&]<typename Segment>(std::size_t first, std::size_t s, Segment) {
      if (first + s != stage) return;
      yes = k == kind::in_batches ? Segment::is_batch_stage(s)
          : k == kind::expands    ? Segment::expands(s)
          : k == kind::shared     ? Segment::shares(s) != mr::sharing::none
          : k == kind::may_fail   ? Segment::in_the_end(s) != mr::remedy::stop || silent<Segment>(s)
                                  : first == 0;
    });
    return yes;
  }

  void make(world& w, mr::workers& crew, mr::runner_options const& o) override {
    know_order(w);
    auto now = std::make_unique<runner>(Shape::sentence(w), crew, o);
    engine_ = now->shared();
    run_ = now.release();
  }
  void start() override { run_->start(); }
  auto apply(mr::grouping const& plan) -> mr::status override { return run_->apply(plan); }
  auto flush() -> mr::status override { return run_->flush(); }
  auto finish() -> mr::report override { return run_->finish(); }
  auto finish_within(std::chrono::nanoseconds d) -> mr::report override { return run_->finish_within(d); }
  void stop() override { run_->stop(); }
  void destroy() override { delete run_; }  // the pointer stays: handlers may still look at it meanwhile
  [[nodiscard]] auto keeps() const -> bool override { return requires { Shape::kept; }; }
  auto look() -> std::string override {
    if constexpr (requires { Shape::kept; }) {
      auto const all = run_->template merged<Shape::kept>();
      if (all && !all->handler.has_seen(static_cast<std::uint64_t>(all->at)) && !engine_->course().broken_off())
        return "what is kept behind event " + std::to_string(all->at) + " is not what these events leave";
    }
    return {};
  }

  void open() override {
    if constexpr (!own_source)
      for (std::size_t p = 0; p < producers; ++p) in_.push_back(run_->input());
  }
  void close() override {
    if constexpr (!own_source) in_.clear();
  }
  auto publish(std::size_t producer, publishing how, std::size_t n, std::uint64_t first) -> mr::published override {
    [[maybe_unused]] auto const number = [producer, first](std::size_t k) -> std::uint64_t { return (first + k) * producers + producer; };
    if constexpr (own_source) {
      return {mr::status::closed, 0};
    } else if constexpr (mr::lives_in_ring<event>) {
      return publish(in_[producer], how, n, [&](event& e) { e.fill(number(0), number(0)); }, [&](event& e, std::size_t k) { e.fill(number(k), number(k)); });
    } else {
      return publish(in_[producer], how, n, [&] { return event::make(number(0), number(0)); }, [&](std::size_t k) { return event::make(number(k), number(k)); });
    }
  }

  [[nodiscard]] auto reached(std::size_t stage) const -> std::uint64_t override {
    std::uint64_t at = 0;
    engine_->each_strand([&](auto& strand) {
      if (stage >= strand.first_stage() && stage - strand.first_stage() < strand.stages)
        at = static_cast<std::uint64_t>(strand.ring().stage[stage - strand.first_stage()].reached());
    });
    return at;
  }
  [[nodiscard]] auto done() const -> std::uint64_t override { return static_cast<std::uint64_t>(engine_->ring().gate.reached()); }
  [[nodiscard]] auto state() -> std::string override { return state_of(*engine_); }

  void run_sequentially(world& w, std::vector<std::uint64_t> const& events, std::function<void()> const& before) const override {
    know_order(w);
    w.events = events[0];
    if constexpr (has_a_model) return before(), Shape::reckon(w, numbered<word>{events});
    else run_inline(w, events, before);
  }

 private:
  /// The shape says by itself what its stages see.
  static constexpr bool has_a_model = requires(world& w, numbered<word> events) { Shape::reckon(w, events); };
  static auto limits_workers(mr::planned_stage const& s) -> bool { return s.lanes != 1 && (s.least > 1 || s.most != 0); }

  static void run_inline(world& w, std::vector<std::uint64_t> const& events, std::function<void()> const& before) {
    auto sentence = sentence_for(w);
    before();
    if constexpr (own_source) mr::run_inline(sentence);
    else mr::run_inline(sentence, numbered<event>{events});
  }
  /// `f(first stage of the ring, stage in the ring, the ring's segment)` for each stage.
  template <typename F>
  static void each_stage(F f) {
    std::size_t first = 0;
    engine::each_ring([&]<std::size_t R>(typename engine::template index<R>) {
      using segment = typename engine::template strand_at<R>::segment;
      for (std::size_t s = 0; s < segment::stages; ++s) f(first, s, segment{});
      first += segment::stages;
    });
  }
  /// A stage has an event after those that it waits for; unless their filters are not all its own, then they may not have had it.
  static void know_order(world& w) {
    if constexpr (has_a_model) return Shape::prepare(w);
    else each_stage([&]<typename Segment>(std::size_t first, std::size_t s, Segment) {
      auto const filters = [](std::size_t of) -> std::uint64_t {
        if (Segment::own_source && of == 0) return 0;
        return Segment::all[of - (Segment::own_source ? 1 : 0)].filters;
      };
      std::uint64_t surely = 0, before = Segment::waits_for(s);
      for (std::size_t u = Segment::stages; u-- > 0;) {
        if ((before >> u & 1) == 0) continue;
        if (silent<Segment>(u)) before |= Segment::waits_for(u);
        else if ((filters(u) & ~filters(s)) == 0) surely |= mr::bit(first + u);
      }
      w.history.comes_after(first + s, surely);
    });
  }

  template <typename Input, typename One, typename Several>
  static auto publish(Input& in, publishing how, std::size_t n, One const& one, Several const& several) -> mr::published {
    auto const all = [n](mr::status s) { return mr::published{s, s == mr::status::ok ? n : 0}; };
    switch (how) {
      case publishing::several: return all(in.publish(n, several));
      case publishing::try_several: return all(in.try_publish(n, several));
      case publishing::up_to: return in.publish_up_to(n, several);
      case publishing::try_up_to: return in.try_publish_up_to(n, several);
      default: break;
    }
    auto const s = how == publishing::one ? in.publish(one) : how == publishing::try_one ? in.try_publish(one) : in.publish_for(std::chrono::microseconds{50}, one);
    return {s, s == mr::status::ok ? std::size_t{1} : 0};
  }

  /// Lanes of producers are for runners.
  static auto sentence_for(world& w) {
    if constexpr (from_lanes) return Shape::sequential(w);
    else return Shape::sentence(w);
  }
  static auto make_input(runner* r) {
    if constexpr (own_source) return 0;
    else return r->input();
  }

  runner* run_ = nullptr;
  std::shared_ptr<engine> engine_;
  std::vector<decltype(make_input(nullptr))> in_;
};

}  // namespace storm
