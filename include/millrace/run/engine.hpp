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
#include <millrace/base/owned.hpp>
#include <millrace/plan/plan.hpp>
#include <millrace/run/strand.hpp>
#include <millrace/run/vessel.hpp>

namespace millrace {

template <typename Pipeline, typename Platform>
class engine final : public vessel<Platform> {
  template <typename List>
  struct strands_of;
  template <typename... P>
  struct strands_of<store<P...>> {
    using type = store<owned<strand<P, Platform>>...>;
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
      : vessel<Platform>{stages, crew_size, wait, home, std::move(beds)}, versions_{new version_seen[crew_size]} {
    std::size_t first = 0;
    each_ring([&]<std::size_t R>(index<R>) {
      auto& part = millrace::part_of<R>(p);
      auto const size = R == 0 ? slots : millrace::capacity_of(part.from, slots);
      auto const most = longest_batch(size);
      millrace::get<R>(strands_).reset(new strand_at<R>{std::move(part), size, first, crew_size, batch < most ? batch : most, wait, course_, others_});
      first += strand_at<R>::stages;
    });
    if constexpr (segment::replies) ring().desk->belongs_to(home);
  }

  template <std::size_t R>
  using index = std::integral_constant<std::size_t, R>;
  /// `f(index<R>{})` for each ring, first to last.
  template <typename F>
  MILLRACE_INLINE static constexpr void each_ring(F f) {
    if constexpr (rings == 1) f(index<0>{});
    else [&]<std::size_t... R>(std::index_sequence<R...>) { (f(index<R>{}), ...); }(std::make_index_sequence<rings>{});
  }
  /// `f(strand)` for each ring, first to last.
  template <typename F>
  MILLRACE_INLINE void each_strand(F f) const {
    if constexpr (rings == 1) f(*millrace::get<0>(strands_));
    else each_ring([&]<std::size_t R>(index<R>) { f(*millrace::get<R>(strands_)); });
  }
  template <std::size_t R>
  [[nodiscard]] auto strand_number() const noexcept -> strand_at<R> const& { return *millrace::get<R>(strands_); }
  template <std::size_t R>
  [[nodiscard]] auto strand_of() noexcept -> strand_at<R>& { return *millrace::get<R>(strands_); }
  /// The ring that events enter from outside.
  [[nodiscard]] auto ring() noexcept -> ring_type& { return millrace::get<0>(strands_)->ring(); }
  [[nodiscard]] auto ring() const noexcept -> ring_type const& { return millrace::get<0>(strands_)->ring(); }
  /// Memory for the slots, and where whom of the crew is woken. `prepare(memory, bytes)` sees each column before it is touched.
  /// Throws     std::bad_alloc; what constructors of events throw.
  template <typename Prepare>
  MILLRACE_COLD void furnish(Prepare prepare) {
    each_strand([&](auto& strand) {
      for (std::size_t i = 0; i < workers_; ++i) strand.ring().table.seat(i, beds_->of[i]);
      strand.ring().slots.allocate(strand.ring().size, prepare);
    });
    each_ring([&]<std::size_t R>(index<R>) {
      if constexpr (R + 1 < rings) millrace::get<R>(strands_)->feed(*millrace::get<R + 1>(strands_));
      millrace::get<R>(strands_)->each_sender([&](std::size_t, auto& sender) { sender.meet(home_, beds_, workers_); });
    });
  }
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
  auto with_keyed(F f) { return f(*millrace::get<keyed<Name>.ring>(strands_), index<keyed<Name>.stage>{}); }
  template <std::size_t S>
  void acknowledge(index<S>, sequence at) noexcept {
    each_strand([&](auto& strand) {
      if constexpr (std::remove_reference_t<decltype(strand)>::segment::any_acks)
        if (S >= strand.first_stage() && S < strand.first_stage() + strand.stages) strand.acknowledge(S - strand.first_stage(), at);
    });
  }
  MILLRACE_COLD void dissolve() noexcept {
    std::lock_guard const nobody_looks{visits_};
    each_strand([](auto& strand) { strand.dissolve(); });
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
      each_ring([&]<std::size_t R>(index<R>) { any |= millrace::get<rings - 1 - R>(strands_)->step(worker, now); });  // the last one first: it makes room
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

 private:
  using base = vessel<Platform>;
  using base::beds_, base::board_, base::course_, base::home_, base::others_, base::pilot_, base::visits_, base::workers_;

  // ---- see vessel
  [[nodiscard]] auto entry() noexcept -> sleepers<Platform>& override { return ring().table; }
  void shut_entry() noexcept override { millrace::get<0>(strands_)->shut(); }
  void end_entry() noexcept override { millrace::get<0>(strands_)->end_entry(); }
  void sweep() noexcept override {
    if constexpr (segment::replies) ring().desk->sweep();
  }
  auto seat(crossing<Platform>& who) noexcept -> bool override {
    bool all = true;
    each_strand([&](auto& strand) { all = strand.ring().table.seat(who) && all; });
    return all;
  }
  [[nodiscard]] MILLRACE_COLD auto how_far(guest_entry<Platform> const& guest) const noexcept -> sequence override {
    sequence at = 0;
    each_ring([&]<std::size_t R>(index<R>) {
      if (guest.ring == R) at = millrace::get<R>(strands_)->ring().visitors.at(guest.place);
    });
    return at;
  }
  MILLRACE_COLD void count(report& r) override {
    each_strand([&](auto& strand) {
      auto& ring = strand.ring();
      auto const done = ring.gate.passed();
      auto const published = ring.accepted();
      if (strand.first_stage() == 0) r.published = published, r.done = done;
      r.left += published - done;
      r.failed += strand.failed();
    });
    auto const full = ring().turned_away();
    r.tombstones = ring().tombstones(), r.refused = full.refused, r.dropped = full.dropped, r.conflated = full.conflated;
  }
  [[nodiscard]] auto stages_planned() const noexcept -> stage_list override { return planned(); }

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

  owned<version_seen[]> versions_;
  typename strands::type strands_;
};

}  // namespace millrace
