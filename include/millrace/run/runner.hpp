// SPDX-License-Identifier: MIT
// A pipeline that runs.
#pragma once
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include <millrace/base/config.hpp>
#include <millrace/base/errors.hpp>
#include <millrace/base/message.hpp>
#include <millrace/plan/grouping.hpp>
#include <millrace/run/acknowledger.hpp>
#include <millrace/run/attached.hpp>
#include <millrace/run/crew.hpp>
#include <millrace/run/engine.hpp>
#include <millrace/run/input.hpp>
#include <millrace/run/lookout.hpp>
#include <millrace/run/overflow_input.hpp>
#include <millrace/run/reader.hpp>
#include <millrace/run/report.hpp>
#include <millrace/run/shared_input.hpp>
#include <millrace/run/state_visit.hpp>
#include <millrace/run/watchdog.hpp>

namespace millrace {

struct runner_options {
  std::size_t capacity = 4096;    ///< slots of the ring: a power of two
  grouping plan = fused;          ///< which stages share a worker
  std::size_t batch = 512;        ///< events that a worker takes at a time, at most; fewer if they take long. 2048: events that cost next to
                                  ///< nothing flow up to 4 % faster, and a plan of such stages takes twice as long to change
  wait_policy wait{};             ///< of the producer, and of the workers while they run this
  bool paused = false;            ///< takes events, but runs nothing before start()
};

/// A pipeline on a crew of workers. Starts with its plan, and ends with finish(), stop(), the end of its own source, a handler
/// that throws, or its destructor.
///
/// Called by  any thread, all members by several at once; but it is moved and destroyed by one. Calls that wait when the destructor
///            begins return when it has stopped: they hold on to what they need.
/// Forks      a child of fork() gets a runner without workers: its members throw bad_call there, and its destructor lets go of all
///            that it has without touching it, because a thread that is not there may stand in the middle of it.
/// Throws     bad_capacity, bad_plan; what an event's constructor throws; std::system_error if no thread can be started.
template <typename Pipeline, typename Platform = std_platform>
class runner {
 public:
  using engine_type = engine<Pipeline, Platform>;
  using event = typename engine_type::event;

  /// With a crew of its own: one worker for each allowed processor, of which only those start that the plan employs.
  template <typename P>
  explicit runner(P&& pipeline, runner_options const& o = {}) : runner{std::forward<P>(pipeline), crew<Platform>::made({}), o} {}
  /// On a crew that others may use too.
  template <typename P>
  runner(P&& pipeline, basic_workers<Platform>& on, runner_options const& o = {}) : runner{std::forward<P>(pipeline), on.shared(), o} {}

  runner(runner&&) noexcept = default;
  auto operator=(runner&&) -> runner& = delete;
  /// Stops it, and waits for the batches under way: also for a handler that does not return, which may use what goes with the runner.
  /// Whoever must not wait for that calls finish_within(), and if the report says that a stage is stuck ends the process.
  /// What is left then is lost: call finish() to have all done, and to know.
  MILLRACE_COLD ~runner() {
    if (engine_ == nullptr) return;
    if (!engine_->is_here()) {
      static_cast<void>(new std::pair{std::move(engine_), std::move(crew_)});  // for ever
      return;
    }
    if (crew_->on_board()) {
      std::fputs("millrace: a runner was destroyed by one of its own workers, which it would have to wait for\n", stderr);
      std::abort();
    }
    engine_->stop();
    static_cast<void>(await_workers(*engine_, *crew_, for_ever));
    engine_->dissolve();
  }

  /// Lets a paused runner run. Events published before are kept.
  /// Throws     std::system_error if no thread can be started; bad_call if a worker has 256 runners waiting to be taken up. Then
  ///            the runner has ended.
  MILLRACE_COLD void start() {
    engine_->refuse_elsewhere();
    engine_->start(hiring());
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
    engine_->refuse_elsewhere();
    return engine_->post(wanted.resolve(engine_type::planned(), crew_->size()), hiring());
  }
  /// The plan that was applied last.
  /// Called by  any thread.
  [[nodiscard]] auto current_plan() const -> plan { return engine_->board().current(); }

  /// The producer's end; with mr::many_producers as many of them as wanted, which may also be copied; with mr::lane_per_producer(n)
  /// the end of a lane that is free.
  /// Throws     bad_call if there is one already, or one for each lane.
  [[nodiscard]] MILLRACE_INLINE auto input() {
    static_assert(!engine_type::segment::own_source || engine_type::segment::from_lanes, "this pipeline has its own source, mr::generate: nobody else can publish into it");
    engine_->refuse_elsewhere();
    using ring_type = typename engine_type::ring_type;
    if constexpr (engine_type::segment::replies) {
      auto& ring = engine_->ring();
      if (!engine_type::segment::many_producers && !ring.lent_input.lend()) throw bad_call{second_input};
      using plain = std::conditional_t<engine_type::segment::many_producers, shared_input<engine_type, ring_type, Platform>, millrace::input<engine_type, ring_type, Platform>>;
      return typename engine_type::segment::desk::template input<plain>{engine_, ring};
    } else if constexpr (engine_type::segment::many_producers) {
      return shared_input<engine_type, ring_type, Platform>{engine_, engine_->ring()};
    } else if constexpr (engine_type::segment::from_lanes) {
      auto* const lane = engine_->ring().in_lanes.lend();
      if (lane == nullptr) throw bad_call{"millrace: each lane of this runner has an input already: mr::lane_per_producer(n) makes n of them"};
      return millrace::input<engine_type, std::remove_pointer_t<decltype(lane)>, Platform>{engine_, *lane};
    } else {
      auto& ring = engine_->ring();
      if (!ring.lent_input.lend()) throw bad_call{second_input};
      if constexpr (ring_type::waits_beside) return overflow_input<engine_type, ring_type, Platform>{engine_, ring};
      else return millrace::input<engine_type, ring_type, Platform>{engine_, ring};
    }
  }

  /// A tap that comes while events flow, and goes with the handle that this returns: `run.attach(mr::tap<"spy">(f), mr::now)` stands where
  /// one more stage at the end of the first ring's sentence would stand, `run.attach(mr::after<"price"> | mr::tap<"spy">(f), mr::oldest)`
  /// behind stages of any ring. It sees every event from its beginning on once, in order, those that filters before it let through;
  /// room is made and the end waits for it as for a stage. What it throws stops the pipeline, or its `mr::on_error` says what a stage's
  /// would: `mr::skip`, or `mr::retry` for one that is `mr::idempotent`. It runs on a worker that the plan does not employ, or on the
  /// last one, or by `mr::on_worker(n)`.
  ///
  /// Waits      until workers that hold stages before it come to a batch boundary; not if it takes the event alone, from outside and
  ///            unchanged. While it is there, stages of its ring leave all that they make in the slots, also when they are fused.
  /// Throws     bad_call on a worker of the same crew, if the ring has eight taps already, and for a worker that the crew has not;
  ///            std::system_error if no thread can be started.
  template <typename Piece>
  [[nodiscard]] auto attach(Piece&& piece, beginning from) -> attached {
    return come(visitor_of(std::type_identity<Pipeline>{}, std::remove_cvref_t<Piece>(std::forward<Piece>(piece))), from);
  }

  /// Events for a thread of the user's own, which asks for them: `run.reader(mr::now)` where one more stage at the end of the first ring's
  /// sentence would stand, `run.reader<"price">(mr::oldest)` behind stages of any ring. See ring_reader.
  /// Waits      as attach().
  /// Throws     bad_call on a worker of the same crew, and if the ring has four readers already.
  template <fixed_string... After>
  [[nodiscard]] auto reader(beginning from) {
    refuse_on_board("reader()");
    using visitor = decltype(visitor_of(std::type_identity<Pipeline>{}, reader_place<After...>{}));
    if constexpr (requires { typename visitor::node; })
      return ring_reader<engine_type, visitor::ring, typename visitor::node, crew<Platform>>{engine_, crew_, from, spare_worker()};
  }

  /// Everything up to event `at` is acknowledged to a stage with `mr::manual_ack`: what stands behind it may see it, and its slot may be
  /// written over. Also before its handler has seen the event: then as soon as it has.
  /// Called by  any thread.
  /// Waits      never.
  template <fixed_string Stage>
  void acknowledge(sequence at) const { acknowledging<Stage>(*engine_, at); }
  /// The same as a value to copy and to keep, by handlers too; it keeps the ring alive.
  template <fixed_string Stage>
  [[nodiscard]] auto acknowledger() const -> millrace::acknowledger {
    return {engine_, [](void* engine, sequence at) { acknowledging<Stage>(*static_cast<engine_type*>(engine), at); }};
  }

  /// `f(handler const&)` for each handler of a stage that is shared by key, one for each of 64 groups of keys (one in all, if it has no
  /// state), as they are behind one event: all before it has been through them, nothing of what follows. Returns how many events that
  /// is; empty if the runner has stopped before. Events flow meanwhile, but the stage stands still while `f` looks. After finish()
  /// what is left in the end.
  ///
  /// Called by  any thread, one after the other; `f` on that thread.
  /// Waits      until workers that hold the stage come to a batch boundary, then until its lanes have come to the last of them.
  /// Throws     bad_call on a worker of the same crew; what `f` throws.
  template <fixed_string Stage, typename F>
  MILLRACE_COLD auto visit(F f) -> std::optional<sequence> {
    static_assert(engine_type::template has_keyed<Stage>, "no stage of this name is shared by key; name one that has the option mr::keyed_by");
    refuse_on_board("visit()");
    if constexpr (engine_type::template has_keyed<Stage>) return visit_state<Stage>(engine_, crew_, f);
    else return {};
  }
  /// All that these handlers keep in one: a copy of the first, which has taken in the others by its `void merge(handler const& other)`; empty
  /// if the runner has stopped before. A stage may begin with it, which splits it again (keep_lane), also with other workers.
  ///
  /// Called by  as visit(), and it waits and throws as that does; also what copying and merging throw.
  template <fixed_string Stage>
  [[nodiscard]] MILLRACE_COLD auto merged() {
    static_assert(engine_type::template has_keyed<Stage>, "no stage of this name is shared by key; name one that has the option mr::keyed_by");
    refuse_on_board("merged()");
    if constexpr (engine_type::template has_keyed<Stage>) return merge_state<Stage>(engine_, crew_);
  }

  /// Waits until all that was published so far has passed every stage. It keeps running. `closed` if it ended before.
  /// Waits      as the wait policy says. With threads of the program's own: works where none of them attends.
  /// Throws     bad_call on a worker of the same crew, where two crews would wait for each other, and if it is paused with events in it:
  ///            it would wait for ever.
  [[nodiscard]] auto flush() -> status { return flush_until(for_ever, "flush()"); }
  /// The same, no longer than `d`: then `would_block`.
  [[nodiscard]] auto flush_within(std::chrono::nanoseconds d) -> status { return flush_until(deadline(d), "flush_within()"); }

  /// Takes no more events, has all done that were published, and says how it went. With an own source: waits for its end. Starts
  /// a paused runner. Again, or by several threads at once: the same report.
  /// Waits      as the wait policy says, for the workers. With threads of the program's own: works where none of them attends.
  /// Throws     bad_call on a worker of the same crew, and where two crews would wait for each other; what start() throws.
  MILLRACE_COLD auto finish() -> report {
    refuse_on_board("finish()");
    start();
    auto const e = engine_;
    auto const on = crew_;
    if constexpr (!engine_type::segment::own_source || engine_type::segment::from_lanes) e->drain();
    auto const in_line = e->wait_in_line();
    if (!in_line) refuse_circle("finish()");
    static_cast<void>(await_workers(*e, *on, for_ever));
    return e->how_it_went();
  }
  /// The same for as long as `d`; then it stops, and the report says what was left. A worker that does not come back from a handler
  /// soon after that is not waited for: the report says where it is (`stuck`), and the runner has not ended yet. finish() and the
  /// destructor do wait for it.
  /// Waits      `d` and then up to 20 ms for the batches under way. Where no thread of the program's own attends it works itself, and
  ///            is as late as a handler makes it.
  /// Throws     as finish().
  MILLRACE_COLD auto finish_within(std::chrono::nanoseconds d) -> report {
    refuse_on_board("finish_within()");
    auto const until = deadline(d);
    start();
    auto const e = engine_;
    auto const on = crew_;
    millrace::watchdog<engine_type> dog{e};
    if constexpr (!engine_type::segment::own_source || engine_type::segment::from_lanes) e->drain();
    if (await_workers(*e, *on, until)) return e->how_it_went();
    static_cast<void>(dog.look({}));
    e->stop();
    if (await_workers(*e, *on, deadline(grace))) return e->how_it_went();
    auto r = e->how_it_went();
    r.stuck = dog.look({});
    return r;
  }

  /// Leave at the next batch boundary. finish() then joins, and says what was left.
  /// Called by  any thread, handlers too.
  /// Waits      never.
  void stop() {
    engine_->refuse_elsewhere();
    engine_->stop();
  }

  /// For programs that own their loop: the calling thread is worker number `worker` of a crew made with `.own_threads = true`, until
  /// the runner has ended. Sleeps and wakes, takes part in plan changes and calls handlers as a worker with a thread of its own
  /// does, other runners on the crew included; it is not pinned.
  /// Throws     bad_call if the crew has threads or no such worker; on a worker of the crew; while another thread is this worker.
  ///            What a handler throws ends the runner, and is told by finish().
  MILLRACE_COLD void work_on_this_thread(std::size_t worker = 0) { static_cast<void>(attend(worker, for_ever, false)); }
  /// The same for as long as `d`, or until the runner has ended. Says whether events passed.
  MILLRACE_COLD auto work_for(std::chrono::nanoseconds d, std::size_t worker = 0) -> bool { return attend(worker, deadline(d), false); }
  /// One turn, a few batches, without waiting. Says whether events passed: for loops that have other things to do. The worker holds
  /// nothing between two calls, so plans change and flush() gets on without it.
  MILLRACE_COLD auto work_some(std::size_t worker = 0) -> bool { return attend(worker, for_ever, true); }

  /// Calls `f(stall const&)` when a stage has stood still for `d` though it could go on, at most a quarter of `d` later, and once more,
  /// marked `over`, when it no longer does. By a worker, between two batches: those that the plan employs now look out, and one that it
  /// does not, so that all of them must hang before none tells. What `f` throws stops the pipeline. It ends with its handle or the runner.
  ///
  /// Waits      never. Taking it away waits for these workers, as for a tap's: also for one that hangs.
  /// Costs      each of them looks at the clock at every turn, and wakes four times in `d`.
  /// Throws     bad_call on a worker of the same crew; std::system_error if no thread can be started.
  template <typename F>
  [[nodiscard]] MILLRACE_COLD auto on_stall(std::chrono::nanoseconds d, F f) -> attached {
    refuse_on_board("on_stall()");
    return attached{owned<tap_control>{new lookout<engine_type, crew<Platform>, F>(engine_, crew_, std::move(f), d, current_plan())}};
  }
  /// Tells which stages stand still though they could go on.
  [[nodiscard]] auto watchdog() const -> millrace::watchdog<engine_type> { return millrace::watchdog<engine_type>{engine_}; }

  [[nodiscard]] auto shared() const noexcept -> std::shared_ptr<engine_type> const& { return engine_; }
  [[nodiscard]] auto on() const noexcept -> crew<Platform> const& { return *crew_; }
  [[nodiscard]] auto on() noexcept -> crew<Platform>& { return *crew_; }

 private:
  template <typename P>
  MILLRACE_COLD runner(P&& pipeline, std::shared_ptr<crew<Platform>> on, runner_options const& o)
      : crew_{std::move(on)} {
    auto const begin_with = o.plan.resolve(engine_type::planned(), crew_->size());
    auto const slots = millrace::capacity{o.capacity};
    auto const batch = o.batch == 0 ? 1 : o.batch > o.capacity ? o.capacity : o.batch;
    batch_ = static_cast<std::int64_t>(batch);
    engine_ = std::shared_ptr<engine_type>{new engine_type(whole(std::forward<P>(pipeline)), slots, crew_->size(), batch_, o.wait, crew_.get(), crew_->where_they_sleep())};
    engine_->furnish([&](void* memory, std::size_t bytes) { crew_->bind(memory, bytes, begin_with); });
    static_cast<void>(engine_->post(begin_with, [](std::size_t) {}));
    if (!o.paused) start();
  }

  template <fixed_string Stage>
  static void acknowledging(engine_type& engine, sequence at) {
    constexpr auto number = engine_type::template acknowledged_stage<Stage>();
    static_assert(number != npos, "no stage of this name waits for acknowledgements; name one that has the option mr::manual_ack");
    if constexpr (number != npos) engine.acknowledge(std::integral_constant<std::size_t, number>{}, at);
  }
  template <typename Visitor>
  MILLRACE_COLD auto come(Visitor&& v, beginning from) -> attached {
    if constexpr (requires { typename Visitor::node; }) {
      refuse_on_board("attach()");
      if (v.worker != npos && v.worker >= crew_->size()) throw bad_call{message{"no worker ", v.worker, ": the crew has ", crew_->size()}.text()};
      auto const worker = v.worker == npos ? spare_worker() : v.worker;
      using tap_type = attached_tap<engine_type, Visitor, crew<Platform>>;
      return attached{owned<tap_control>{new tap_type(engine_, crew_, std::move(v), from, worker, batch_)}};
    } else return attached{};  // it has been said why
  }
  /// One that the plan does not employ, else the last.
  [[nodiscard]] MILLRACE_COLD auto spare_worker() const -> std::size_t {
    auto const p = current_plan();
    std::size_t worker = 0;
    while (worker + 1 < crew_->size() && p.employs(worker)) ++worker;
    return worker;
  }
  static constexpr std::chrono::nanoseconds grace{20'000'000};
  static constexpr char const* second_input = "millrace: this runner has an input already; one producer, one handle: mr::from<Event>(mr::many_producers) has more";

  [[nodiscard]] static auto deadline(std::chrono::nanoseconds d) noexcept -> std::int64_t {
    auto const now = Platform::now();
    return d.count() >= for_ever - now ? for_ever : now + d.count();
  }
  [[nodiscard]] auto hiring() noexcept {
    return [this](std::size_t worker) { crew_->hire(worker, *engine_); };
  }
  MILLRACE_COLD void refuse_on_board(char const* call) const {
    engine_->refuse_elsewhere();
    if (crew_->on_board()) throw bad_call{message{call, " on a worker of the same crew would wait for itself"}.text()};
  }
  [[noreturn]] MILLRACE_COLD static void refuse_circle(char const* call) {
    throw bad_call{message{call, " on a worker of a crew for which this one waits would close a circle"}.text()};
  }
  /// False: some were not back at the deadline.
  [[nodiscard]] MILLRACE_COLD static auto await_workers(engine_type& e, crew<Platform>& on, std::int64_t until) -> bool {
    return on.await(e.wait(), e.others(), until, [&] { return e.course().members() == 0; }, [] {});
  }
  MILLRACE_COLD auto attend(std::size_t worker, std::int64_t until, bool once) -> bool {
    engine_->refuse_elsewhere();
    auto const e = engine_;
    auto const on = crew_;
    return on->attend(worker, until, once, [&] { return e->course().now() >= life::stopping && !on->serves(worker, *e); });
  }
  [[nodiscard]] MILLRACE_COLD auto flush_until(std::int64_t until, char const* call) -> status {
    refuse_on_board(call);
    auto const e = engine_;
    auto const on = crew_;
    auto const& course = e->course();
    if (course.now() == life::paused && e->ring().entered() > e->ring().gate.passed()) throw bad_call{"millrace: flush() of a paused runner; start() it first"};
    auto const in_line = e->wait_in_line();
    if (!in_line) refuse_circle(call);
    auto s = status::ok;
    e->each_strand([&](auto& strand) {  // first to last: what one has passed has entered the next
      if (s != status::ok) return;
      auto& ring = strand.ring();
      if constexpr (std::remove_cvref_t<decltype(strand)>::segment::from_lanes)
        ring.in_lanes.await_taken([&](auto& sleep, auto taken, auto announce) {
          static_cast<void>(on->await(e->wait(), sleep, until, [&] { return taken() || course.now() >= life::stopping; }, announce));
        });
      auto const target = std::remove_cvref_t<decltype(ring)>::waits_beside ? ring.accepted() : ring.in_order();
      bool here = ring.gate.passed() >= target;
      bool const in_time = on->await(
          e->wait(), ring.others, until, [&] { return (here = here || ring.gate.passed() >= target) || course.now() >= life::stopping; },
          [&] { ring.gate.add_waiter(sleepers<Platform>::others); });
      if (!here) s = in_time ? status::closed : status::would_block;
    });
    return s;
  }
  std::shared_ptr<crew<Platform>> crew_;
  std::shared_ptr<engine_type> engine_;
  std::int64_t batch_ = 1;
};

template <typename P>
explicit runner(P&&, runner_options const& = {}) -> runner<decltype(whole(std::declval<P>())), std_platform>;
template <typename P, typename Platform>
runner(P&&, basic_workers<Platform>&, runner_options const& = {}) -> runner<decltype(whole(std::declval<P>())), Platform>;

}  // namespace millrace
