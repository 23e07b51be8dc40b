// SPDX-License-Identifier: MIT
// A pipeline that runs.
#pragma once
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include <millrace/base/config.hpp>
#include <millrace/base/errors.hpp>
#include <millrace/base/message.hpp>
#include <millrace/place/memory.hpp>
#include <millrace/plan/grouping.hpp>
#include <millrace/run/crew.hpp>
#include <millrace/run/engine.hpp>
#include <millrace/run/input.hpp>
#include <millrace/run/report.hpp>

namespace millrace {

struct runner_options {
  std::size_t capacity = 4096;    ///< slots of the ring: a power of two
  grouping plan = fused;          ///< which stages share a worker
  std::size_t batch = 512;        ///< events that a worker takes at a time, at most; fewer if they take long
  wait_policy wait{};             ///< of the producer, and of the workers while they run this
  bool paused = false;            ///< takes events, but runs nothing before start()
};

/// A pipeline on a crew of workers. Starts with its plan, and ends with finish(), stop(), the end of its own source, a handler
/// that throws, or its destructor.
///
/// Called by  any thread, unless a member says otherwise; not by two at once, but for stop().
/// Throws     bad_capacity, bad_plan; what an event's constructor throws; std::system_error if no thread can be started.
template <typename Pipeline, typename Platform = std_platform>
class runner {
 public:
  using engine_type = engine<Pipeline, Platform>;
  using event = typename engine_type::event;

  /// With a crew of its own: one worker for each allowed processor, of which only those start that the plan employs.
  template <typename P>
  explicit runner(P&& pipeline, runner_options const& o = {}) : runner{std::forward<P>(pipeline), std::make_shared<crew<Platform>>(workers_options{}), o} {}
  /// On a crew that others may use too.
  template <typename P>
  runner(P&& pipeline, basic_workers<Platform>& on, runner_options const& o = {}) : runner{std::forward<P>(pipeline), on.shared(), o} {}

  runner(runner&&) noexcept = default;
  auto operator=(runner&&) -> runner& = delete;
  /// Stops it, and waits for the batches under way. What is left then is lost: call finish() to have all done, and to know.
  MILLRACE_COLD ~runner() {
    if (engine_ == nullptr) return;
    if (crew_->on_board()) {
      std::fputs("millrace: a runner was destroyed by one of its own workers, which it would have to wait for\n", stderr);
      std::abort();
    }
    engine_->stop();
    await_workers();
    engine_->dissolve();
  }

  /// Lets a paused runner run. Events published before are kept.
  MILLRACE_COLD void start() {
    if (!engine_->course().start()) return;
    std::size_t i = 0;
    try {
      for (; i < crew_->size(); ++i)
        if (plan_.employs(i)) hire(i);
    } catch (...) {
      give_up(i);
      throw;
    }
  }

  /// The producer's end.
  /// Throws     bad_call while there is another one.
  [[nodiscard]] MILLRACE_INLINE auto input() -> millrace::input<engine_type, Platform> {
    static_assert(!engine_type::segment::own_source, "this pipeline has its own source, mr::generate: nobody else can publish into it");
    if (!engine_->lend_input()) throw bad_call{"millrace: this runner has an input already; one producer, one handle"};
    return millrace::input<engine_type, Platform>{engine_};
  }

  /// Waits until all that was published so far has passed every stage. It keeps running. `closed` if it ended before.
  /// Waits      as the wait policy says.
  /// Throws     bad_call on a worker of the same crew, and if it is paused with events in it: it would wait for ever.
  [[nodiscard]] MILLRACE_COLD auto flush() -> status {
    refuse_on_board("flush()");
    auto& ring = engine_->ring();
    auto const& course = engine_->course();
    auto const target = ring.entered();
    if (course.now() == life::paused && target > ring.gate.reached()) throw bad_call{"millrace: flush() of a paused runner; start() it first"};
    patience<Platform> look{engine_->wait()};
    wait_until<Platform>(
        look, ring.others, for_ever, [&] { return ring.gate.reached() >= target || course.now() >= life::stopping; },
        [&] { ring.gate.add_waiter(sleepers<Platform>::others); });
    return ring.gate.reached() >= target ? status::ok : status::closed;
  }

  /// Takes no more events, has all done that were published, and says how it went. With an own source: waits for its end. Starts
  /// a paused runner. Again: the same report.
  /// Waits      as the wait policy says, for the workers.
  /// Throws     bad_call on a worker of the same crew.
  MILLRACE_COLD auto finish() -> report {
    refuse_on_board("finish()");
    start();
    if constexpr (!engine_type::segment::own_source) engine_->drain();
    await_workers();
    return how_it_went();
  }

  /// Leave at the next batch boundary. finish() then joins, and says what was left.
  /// Called by  any thread, handlers too.
  /// Waits      never.
  void stop() { engine_->stop(); }

  [[nodiscard]] auto shared() const noexcept -> std::shared_ptr<engine_type> const& { return engine_; }
  [[nodiscard]] auto on() const noexcept -> crew<Platform> const& { return *crew_; }

 private:
  template <typename P>
  MILLRACE_COLD runner(P&& pipeline, std::shared_ptr<crew<Platform>> on, runner_options const& o)
      : crew_{std::move(on)}, plan_{o.plan.resolve(engine_type::planned(), crew_->size())} {
    auto const slots = millrace::capacity{o.capacity};
    auto const batch = o.batch == 0 ? 1 : o.batch > o.capacity ? o.capacity : o.batch;
    engine_ = std::make_shared<engine_type>(whole(std::forward<P>(pipeline)), slots, crew_->size(), static_cast<std::int64_t>(batch), o.wait, crew_.get(), crew_->where_they_sleep());
    std::vector<int> cpus;
    for (std::size_t i = 0; i < crew_->size(); ++i) {
      engine_->ring().table.seat(i, crew_->where_they_sleep()->of[i]);
      if (plan_.employs(i)) cpus.push_back(crew_->cpu(i));
    }
    engine_->ring().slots.allocate(slots, [&](void* memory, std::size_t bytes) {
      if (memory != nullptr && crew_->place().bind_memory) static_cast<void>(bind_memory(crew_->where(), memory, bytes, cpus));
    });
    engine_->post(plan_);
    if (!o.paused) start();
  }

  MILLRACE_COLD void hire(std::size_t worker) {
    engine_->course().joins();
    try {
      crew_->hire(worker, *engine_);
    } catch (...) {
      engine_->course().leaves([] {});
      throw;
    }
  }
  /// Workers from this one on cannot be had: their stages are closed here, so that the others can leave.
  MILLRACE_COLD void give_up(std::size_t first) noexcept {
    engine_->stop();
    for (auto i = first; i < crew_->size(); ++i)
      while (plan_.employs(i) && engine_->work(i) != outcome::over) Platform::yield();
    await_workers();
    engine_->dissolve();
  }
  MILLRACE_COLD void refuse_on_board(char const* call) const {
    if (crew_->on_board()) throw bad_call{message{call, " on a worker of the same crew would wait for itself"}.text()};
  }
  MILLRACE_COLD void await_workers() {
    patience<Platform> look{engine_->wait()};
    wait_until<Platform>(look, engine_->ring().others, for_ever, [&] { return engine_->course().members() == 0; }, [] {});
  }
  [[nodiscard]] MILLRACE_COLD auto how_it_went() const -> report {
    auto const& course = engine_->course();
    auto const& ring = engine_->ring();
    auto const how = course.how_it_failed();
    report r{.published = ring.entered(), .done = ring.gate.reached()};
    r.left = r.published - r.done;
    r.stopped = course.was_stopped();
    r.error = how.error;
    if (how.error != nullptr) r.failed_stage = engine_type::segment::name(how.stage), r.failed_at = how.at;
    return r;
  }

  std::shared_ptr<crew<Platform>> crew_;
  plan plan_;
  std::shared_ptr<engine_type> engine_;
};

template <typename P>
explicit runner(P&&, runner_options const& = {}) -> runner<decltype(whole(std::declval<P>())), std_platform>;
template <typename P, typename Platform>
runner(P&&, basic_workers<Platform>&, runner_options const& = {}) -> runner<decltype(whole(std::declval<P>())), Platform>;

}  // namespace millrace
