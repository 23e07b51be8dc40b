// SPDX-License-Identifier: MIT
// A pipeline as a job for the crew: its rings one after the other, one plan for all of them, one life.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

#include <millrace/base/cache_line.hpp>
#include <millrace/base/config.hpp>
#include <millrace/base/errors.hpp>
#include <millrace/plan/plan.hpp>
#include <millrace/run/beds.hpp>
#include <millrace/run/crossing.hpp>
#include <millrace/run/guest_book.hpp>
#include <millrace/run/job.hpp>
#include <millrace/run/lifecycle.hpp>
#include <millrace/run/pilot.hpp>
#include <millrace/run/plan_board.hpp>
#include <millrace/run/strand.hpp>
#include <millrace/sync/fork.hpp>
#include <millrace/sync/waiting_crews.hpp>

namespace millrace {

template <typename Pipeline, typename Platform>
class engine final : public job {
  template <typename List>
  struct strands_of;
  template <typename... P>
  struct strands_of<store<P...>> {
    using type = store<std::unique_ptr<strand<P, Platform>>...>;
    static constexpr std::size_t count = sizeof...(P);
    static constexpr std::size_t stages = (std::size_t{0} + ... + strand<P, Platform>::stages);
  };
  using parts = rings_of<Pipeline>;
  using strands = strands_of<parts>;

 public:
  static constexpr std::size_t rings = strands::count;
  static constexpr std::size_t stages = strands::stages;
  static_assert(stages <= most_stages + 1, "the rings of a pipeline hold at most 61 stages in all; split it into two pipelines");
  template <std::size_t R>
  using strand_at = strand<element<R, parts>, Platform>;
  using segment = typename strand_at<0>::segment;
  using event = typename segment::event;
  using ring_type = typename strand_at<0>::ring_type;
  using platform = Platform;

  /// `home` identifies the crew, see Platform::current(); `beds` is where its workers sleep.
  MILLRACE_COLD engine(Pipeline&& p, capacity slots, std::size_t crew_size, std::int64_t batch, wait_policy const& wait, void const* home, std::shared_ptr<beds<Platform>> beds)
      : workers_{crew_size}, home_{home}, beds_{std::move(beds)}, versions_{new version_seen[crew_size]} {
    wait_ = wait;
    std::size_t first = 0;
    each_ring([&]<std::size_t R>(index<R>) {
      auto& part = part_of<R>(p);
      auto const size = R == 0 ? slots : capacity_of(part.from, slots);
      auto const most = longest_batch(size);
      get<R>(strands_).reset(new strand_at<R>{std::move(part), size, first, crew_size, batch < most ? batch : most, wait, course_, others_});
      first += strand_at<R>::stages;
    });
    if constexpr (segment::replies) ring().desk->belongs_to(home);
  }

  template <std::size_t R>
  using index = std::integral_constant<std::size_t, R>;
  /// `f(index<R>{})` for each ring, first to last.
  template <typename F>
  static constexpr void each_ring(F f) {
    [&]<std::size_t... R>(std::index_sequence<R...>) { (f(index<R>{}), ...); }(std::make_index_sequence<rings>{});
  }
  /// `f(strand)` for each ring, first to last.
  template <typename F>
  void each_strand(F f) const {
    each_ring([&]<std::size_t R>(index<R>) { f(*get<R>(strands_)); });
  }
  template <std::size_t R>
  [[nodiscard]] auto strand_number() const noexcept -> strand_at<R> const& { return *get<R>(strands_); }
  template <std::size_t R>
  [[nodiscard]] auto strand_of() noexcept -> strand_at<R>& { return *get<R>(strands_); }
  /// The ring that events enter from outside.
  [[nodiscard]] auto ring() noexcept -> ring_type& { return get<0>(strands_)->ring(); }
  [[nodiscard]] auto ring() const noexcept -> ring_type const& { return get<0>(strands_)->ring(); }
  /// Memory for the slots, and where whom of the crew is woken. `prepare(memory, bytes)` sees each column before it is touched.
  /// Throws     std::bad_alloc; what constructors of events throw.
  template <typename Prepare>
  MILLRACE_COLD void furnish(Prepare prepare) {
    each_strand([&](auto& strand) {
      for (std::size_t i = 0; i < workers_; ++i) strand.ring().table.seat(i, beds_->of[i]);
      strand.ring().slots.allocate(strand.ring().size, prepare);
    });
    each_ring([&]<std::size_t R>(index<R>) {
      if constexpr (R + 1 < rings) get<R>(strands_)->feed(*get<R + 1>(strands_));
      get<R>(strands_)->each_sender([&](std::size_t, auto& sender) { sender.meet(home_, beds_, workers_); });
    });
  }
  [[nodiscard]] auto others() noexcept -> event_count<Platform>& { return others_; }
  [[nodiscard]] auto course() noexcept -> lifecycle<Platform>& { return course_; }
  [[nodiscard]] auto course() const noexcept -> lifecycle<Platform> const& { return course_; }
  [[nodiscard]] auto workers() const noexcept -> std::size_t { return workers_; }
  /// Nanoseconds since it was made.
  [[nodiscard]] auto elapsed() const noexcept -> std::int64_t { return Platform::now() - begun_; }

  /// The stages as plans know them.
  [[nodiscard]] static auto planned() noexcept -> stage_list {
    static constexpr auto all = [] {
      std::array<planned_stage, stages> list{};
      std::size_t first = 0;
      [&]<std::size_t... R>(std::index_sequence<R...>) { (list_stages<R>(list, first), ...); }(std::make_index_sequence<rings>{});
      for (auto& s : list)  // who is to be alone has no other that anybody named
        for (std::size_t other = 0; other < stages; ++other)
          if (s.follows || list[other].follows) s.apart &= ~bit(other);
      return list;
    }();
    return {all.data(), stages};
  }
  /// See plan_board.
  template <typename Hire>
  MILLRACE_COLD auto post(plan const& p, Hire hire) -> status {
    return board_.post(p, hire, [this](std::uint64_t concerned) { ring().table.alert(concerned); });
  }
  /// Lets a paused engine run. Throws what `hire` throws: then it has ended.
  template <typename Hire>
  MILLRACE_COLD void start(Hire hire) {
    try {
      board_.start(hire, [this] { stop(); });
    } catch (...) {
      close_for_the_missing();
      throw;
    }
  }
  /// From now on `who` is asked to look between batches.
  /// Throws     bad_call if somebody is already.
  MILLRACE_COLD void fly(std::shared_ptr<pilot> who) {
    board_.turn_over([&] {
      if (pilot_ != nullptr) throw bad_call{"millrace: this runner has a scheduler already"};
      pilot_ = std::move(who);
    });
    ring().table.alert_all();
  }
  [[nodiscard]] auto board() noexcept -> plan_board<Platform>& { return board_; }
  [[nodiscard]] auto board() const noexcept -> plan_board<Platform> const& { return board_; }
  /// Closes what those were to close who could not be hired, so that the others can leave.
  MILLRACE_COLD void close_for_the_missing() noexcept {
    for (std::size_t i = 0; i < workers_; ++i)
      while (board_.misses(i) && work(i) != outcome::over) Platform::yield();
  }
  MILLRACE_COLD void stop() {
    [[maybe_unused]] bool nobody_closes = false;
    course_.stop([&] { get<0>(strands_)->shut(), nobody_closes = course_.now() == life::paused; });
    if constexpr (segment::replies)
      if (nobody_closes) ring().desk->sweep();
    ring().table.alert_all();
  }
  /// The number of the stage of this name, if it waits for acknowledgements; npos if there is none.
  template <fixed_string Name>
  static constexpr auto acknowledged_stage() -> std::size_t {
    std::size_t s = 0, found = npos;
    each_ring([&]<std::size_t R>(index<R>) {
      using part = typename strand_at<R>::segment;
      for (std::size_t i = 0; i < part::stages; ++i, ++s)
        if (part::name(i) == Name.view() && part::acks(i)) found = s;
    });
    return found;
  }
  /// Where the stage of this name is, if it is shared by key; ring `rings` if there is none.
  struct place {
    std::size_t ring = rings, stage = 0;
  };
  template <fixed_string Name>
  static constexpr place keyed = [] {
    place found;
    each_ring([&]<std::size_t R>(index<R>) {
      using part = typename strand_at<R>::segment;
      for (std::size_t i = 0; i < part::stages; ++i)
        if (part::name(i) == Name.view() && part::shares(i) == sharing::by_key) found = {R, i};
    });
    return found;
  }();
  template <fixed_string Name>
  static constexpr bool has_keyed = keyed<Name>.ring != rings;
  /// `f(strand, index)` of that stage; the index is that in its ring.
  template <fixed_string Name, typename F>
  auto with_keyed(F f) { return f(*get<keyed<Name>.ring>(strands_), index<keyed<Name>.stage>{}); }
  template <std::size_t S>
  void acknowledge(index<S>, sequence at) noexcept {
    each_strand([&](auto& strand) {
      if constexpr (std::remove_reference_t<decltype(strand)>::segment::any_acks)
        if (S >= strand.first_stage() && S < strand.first_stage() + strand.stages) strand.acknowledge(S - strand.first_stage(), at);
    });
  }
  /// Where the `size` workers of another crew, who sleep in `theirs`, wait for room here.
  /// Throws     bad_call if workers of too many crews publish into it; std::bad_alloc.
  MILLRACE_COLD auto crossing_from(std::shared_ptr<beds<Platform>> const& theirs, std::size_t size) -> crossing<Platform>& { return crossings_.from(theirs, size, [&](auto& c) {
      bool all = true;
      each_strand([&](auto& strand) { all = strand.ring().table.seat(c) && all; });
      return all;
    }); }
  /// Identifies the crew that runs it.
  [[nodiscard]] auto home() const noexcept -> void const* { return home_; }
  /// A guest has thrown: that stops the pipeline, as if it were a stage.
  MILLRACE_COLD void fail(failure const& what) noexcept {
    course_.fail(what, [&] { get<0>(strands_)->shut(); });
    ring().table.alert_all();
  }
  /// `f(entry, at)` for each tap and reader that is there, and how far it is.
  template <typename F>
  MILLRACE_COLD void each_guest(F f) const {
    book_.each([&](guest_entry<Platform> const& guest) {
      each_ring([&]<std::size_t R>(index<R>) {
        if (guest.ring == R) f(guest, get<R>(strands_)->ring().visitors.at(guest.place));
      });
    });
  }
  /// Who looks at the state of stages does so one at a time.
  [[nodiscard]] auto visits() noexcept -> auto& { return visits_; }
  [[nodiscard]] auto book() noexcept -> guest_book<Platform>& { return book_; }
  /// All that has entered is to pass.
  MILLRACE_COLD void drain() {
    course_.drain([&] { get<0>(strands_)->end_entry(); });
    ring().table.alert_all();
  }
  MILLRACE_COLD void dissolve() noexcept {
    std::lock_guard const nobody_looks{visits_};
    each_strand([](auto& strand) { strand.dissolve(); });
  }

  // ---- the producer's side
  /// A producer that waits for room waits for workers: for ever, if it is one of them, or while none of them runs.
  [[nodiscard]] auto would_wait_for_itself() const noexcept -> bool { return Platform::current() == home_ || course_.now() == life::paused || beds_->one_is_mine(); }
  /// Held while a producer waits; false: it is a worker of a crew for which this one waits, and must not. See waiting_crews.
  using wait_of_a_worker = typename waiting_crews<Platform>::wait;
  [[nodiscard]] auto wait_in_line() const -> wait_of_a_worker { return {Platform::current(), home_}; }
  /// In a child made by fork() there is nobody to wait for.
  [[nodiscard]] auto is_here() const noexcept -> bool { return birthplace_.here(); }
  MILLRACE_COLD void refuse_elsewhere() const {
    if (!is_here()) throw bad_call{"millrace: a runner works in the process that made it; a child made by fork() has none of its workers"};
  }

  // ---- the worker's side: see job
  auto work(std::size_t worker) noexcept -> outcome override {
    auto& mine = versions_[worker];
    if (mine.flown_by != nullptr && ++mine.calls % calls_between_looks == 0) [[unlikely]] mine.flown_by->look(mine.busy);
    mine.busy = true;
    for (int turn = 0; turn < turns; ++turn) {
      if (board_.version() != mine.seen && !adopt(worker)) [[unlikely]] return outcome::over;
      auto const now = course_.now();
      bool any = false;
      each_ring([&]<std::size_t R>(index<R>) { any |= get<rings - 1 - R>(strands_)->step(worker, now); });  // the last one first: it makes room
      if (now >= life::stopping && course_.now() == life::over) [[unlikely]] return outcome::over;
      if (any) continue;
      mine.busy = turn != 0;
      return mine.busy ? outcome::busy : outcome::idle;
    }
    return outcome::busy;
  }
  MILLRACE_COLD void lull(std::size_t worker) noexcept override {
    each_strand([&](auto& strand) { strand.lull(worker); });
  }
  MILLRACE_COLD void put_down(std::size_t worker) noexcept override {
    each_strand([&](auto& strand) { strand.put_down(worker); });
  }
  MILLRACE_COLD auto due(std::size_t worker) noexcept -> std::int64_t override {
    auto const& mine = versions_[worker];
    auto first = mine.on_duty ? mine.flown_by->due() : INT64_MAX;
    each_strand([&](auto& strand) {
      if (auto const next = strand.due(worker); next < first) first = next;
    });
    return first;
  }
  MILLRACE_COLD void lie_down(std::size_t worker) noexcept override {
    each_strand([&](auto& strand) { strand.lie_down(worker); });
  }
  MILLRACE_COLD auto look_again(std::size_t worker) noexcept -> prospect override {
    if (board_.version() != versions_[worker].seen) return prospect::some;
    auto const now = course_.now();
    auto found = now == life::over ? prospect::some : prospect::none;
    each_strand([&](auto& strand) {
      if (auto const p = strand.look_again(worker, now); p > found) found = p;
    });
    return found;
  }
  void leave(std::size_t) noexcept override {
    course_.leaves([&] { others_.alert(); });
  }

 private:
  static constexpr int turns = 16;  // between two looks at the mailbox
  static constexpr std::uint32_t calls_between_looks = 2;  // of work(): each is up to 16 batches of 50 us
  /// Of a small ring a quarter at a time, so that its producer finds room before all of it has been run; but batches are to be worth the while.
  static constexpr auto longest_batch(capacity size) noexcept -> std::int64_t {
    constexpr std::int64_t worth = 64;
    return size.slots() / 4 > worth ? size.slots() / 4 : size.slots() < worth ? size.slots() : worth;
  }
  struct alignas(cache_line_size) version_seen {
    sequence seen = -1;  // of the plan that the worker knows
    pilot* flown_by = nullptr;  // who decides on plans
    bool on_duty = false;       // the worker wakes to look
    bool busy = false;          // events passed in the last call of work()
    std::uint32_t calls = 0;    // of it
  };

  template <std::size_t R>
  static constexpr void list_stages(std::array<planned_stage, stages>& list, std::size_t& first) {
    using mine = typename strand_at<R>::segment;
    using last = typename strand_at<rings - 1>::segment;
    for (std::size_t s = 0; s < mine::stages; ++s, ++first) list[first] = {.name = mine::name(s), .lanes = mine::lanes(s), .together = last::together(first), .apart = last::apart(first, stages), .follows = mine::follows(s), .pool = mine::pools(s), .least = mine::least_workers(s), .most = mine::most_workers(s)};
  }
  /// False: the plan has nothing for this worker.
  MILLRACE_COLD auto adopt(std::size_t worker) noexcept -> bool {
    return board_.read(worker, versions_[worker].seen, [&](plan const& p) {
      auto& mine = versions_[worker];
      mine.flown_by = pilot_.get();
      mine.on_duty = mine.flown_by != nullptr && p.employs(worker);
      for (std::size_t w = 0; w < worker; ++w) mine.on_duty = mine.on_duty && !p.employs(w);
      each_strand([&](auto& strand) { strand.adopt(worker, p); });
    });
  }

  lifecycle<Platform> course_{stages};
  event_count<Platform> others_;  // where the producer sleeps, and who waits for a flush or the end
  std::int64_t begun_ = Platform::now();
  std::size_t workers_;
  void const* home_;
  std::shared_ptr<beds<Platform>> beds_;
  birthplace<Platform> birthplace_;
  std::unique_ptr<version_seen[]> versions_;
  typename strands::type strands_;
  std::shared_ptr<pilot> pilot_;  // under the board's lock
  plan_board<Platform> board_{course_};
  guest_book<Platform> book_;
  typename Platform::mutex visits_;
  crossings<Platform> crossings_;
};

}  // namespace millrace
