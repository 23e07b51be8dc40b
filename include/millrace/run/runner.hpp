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
/// Called by  any thread, unless a member says otherwise; not by two at once, but for stop() and apply().
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
  /// Throws     std::system_error if no thread can be started; bad_call if a worker has 256 runners waiting to be taken up. Then
  ///            the runner has ended.
  MILLRACE_COLD void start() {
    try {
      engine_->board().start([this](std::size_t worker) { crew_->hire(worker, *engine_); });
    } catch (...) {
      engine_->stop();
      engine_->close_for_the_missing();
      await_workers();
      engine_->dissolve();
      throw;
    }
  }

  /// Another plan, while events flow: stages are fused, split and moved, workers join and leave. Nothing is lost, repeated or
  /// reordered, and nobody waits: each worker puts down what it is no longer to run at its next batch boundary, the others
  /// go on. A plan may replace one that has not settled; the last one counts. Of a paused runner: the plan that it will start with.
  ///
  /// Called by  any thread at any time, handlers too.
  /// Waits      never for a worker; a worker that has no thread yet gets one.
  /// Orders     it takes effect for each stage after the batch that its worker is at: about 50 us, or one event that takes longer.
  /// Throws     bad_plan if it contradicts the pipeline's constraints or the crew's size; std::system_error, bad_call as start().
  ///            Then the old plan stays.
  /// Returns    `closed` if the runner has been stopped or has ended.
  auto apply(grouping const& wanted) -> status {
    return engine_->post(wanted.resolve(engine_type::planned(), crew_->size()), [this](std::size_t worker) { crew_->hire(worker, *engine_); });
  }
  /// The plan that was applied last.
  /// Called by  any thread.
  [[nodiscard]] auto current_plan() const -> plan { return engine_->board().current(); }

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
    auto const& course = engine_->course();
    if (course.now() == life::paused && engine_->ring().entered() > engine_->ring().gate.reached()) throw bad_call{"millrace: flush() of a paused runner; start() it first"};
    bool passed = true;
    engine_->each_strand([&](auto& strand) {  // first to last: what one has passed has entered the next
      auto& ring = strand.ring();
      auto const target = ring.entered();
      patience<Platform> look{engine_->wait()};
      if (passed)
        wait_until<Platform>(
            look, ring.others, for_ever, [&] { return ring.gate.reached() >= target || course.now() >= life::stopping; },
            [&] { ring.gate.add_waiter(sleepers<Platform>::others); });
      passed = passed && ring.gate.reached() >= target;
    });
    return passed ? status::ok : status::closed;
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
      : crew_{std::move(on)} {
    auto const begin_with = o.plan.resolve(engine_type::planned(), crew_->size());
    auto const slots = millrace::capacity{o.capacity};
    auto const batch = o.batch == 0 ? 1 : o.batch > o.capacity ? o.capacity : o.batch;
    engine_ = std::make_shared<engine_type>(whole(std::forward<P>(pipeline)), slots, crew_->size(), static_cast<std::int64_t>(batch), o.wait, crew_.get(), crew_->where_they_sleep());
    std::vector<int> cpus;
    for (std::size_t i = 0; i < crew_->size(); ++i)
      if (begin_with.employs(i)) cpus.push_back(crew_->cpu(i));
    engine_->furnish(*crew_->where_they_sleep(), [&](void* memory, std::size_t bytes) {
      if (memory != nullptr && crew_->place().bind_memory) static_cast<void>(bind_memory(crew_->where(), memory, bytes, cpus));
    });
    static_cast<void>(engine_->post(begin_with, [](std::size_t) {}));
    if (!o.paused) start();
  }

  MILLRACE_COLD void refuse_on_board(char const* call) const {
    if (crew_->on_board()) throw bad_call{message{call, " on a worker of the same crew would wait for itself"}.text()};
  }
  MILLRACE_COLD void await_workers() {
    patience<Platform> look{engine_->wait()};
    wait_until<Platform>(look, engine_->others(), for_ever, [&] { return engine_->course().members() == 0; }, [] {});
  }
  [[nodiscard]] MILLRACE_COLD auto how_it_went() const -> report {
    auto const& course = engine_->course();
    auto const& ring = engine_->ring();
    auto const how = course.how_it_failed();
    report r{.published = ring.entered(), .done = ring.gate.reached()};
    engine_->each_strand([&](auto& strand) {
      r.left += strand.ring().entered() - strand.ring().gate.reached();
      r.failed += strand.failed();
    });
    r.stopped = course.was_stopped();
    r.error = how.error;
    if (how.error != nullptr) r.failed_stage = engine_type::planned()[how.stage].name, r.failed_at = how.at;
    return r;
  }

  std::shared_ptr<crew<Platform>> crew_;
  std::shared_ptr<engine_type> engine_;
};

template <typename P>
explicit runner(P&&, runner_options const& = {}) -> runner<decltype(whole(std::declval<P>())), std_platform>;
template <typename P, typename Platform>
runner(P&&, basic_workers<Platform>&, runner_options const& = {}) -> runner<decltype(whole(std::declval<P>())), Platform>;

}  // namespace millrace
