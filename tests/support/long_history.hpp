// SPDX-License-Identifier: MIT
// A history for millions of events: what is kept does not grow with them. Every event passes every stage exactly once, in order,
// after the stages before it; a stage has one owner at a time; a handler's state goes with it; and what a stage has seen is what
// it sees in a sequential run.
//
// All of it is plain memory on purpose: the thread sanitizer sees any hand-over that does not order what two workers do.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "support/history.hpp"

namespace support {

class long_history {
 public:
  static constexpr auto never = ~std::uint64_t{0};

  /// `window` is a power of two: of so many events in a row it is known which stages they have passed. With the ring's capacity it
  /// also finds a slot that is used again too early. Of several `producers` number n belongs to producer n % producers, and each has an
  /// order of its own.
  long_history(std::size_t stages, std::size_t window, std::size_t producers = 1) : mask_{window - 1}, producers_{producers}, stages_(stages) {
    for (auto& s : stages_) s.marks = std::make_unique<std::uint32_t[]>(window * producers), s.parts = std::make_unique<part[]>(1);
  }

  /// Several may run the stage at once, each some of `parts` parts: `which(number)` says in which an event is. What holds for a stage
  /// holds for a part then.
  void is_shared(std::size_t stage, std::size_t parts, std::size_t (*which)(std::uint64_t number)) {
    has_parts(stage, parts, which);
    stages_[stage].owner_by_part = true;
  }
  /// One runs the stage at a time, but only the events of a part come in order.
  void has_parts(std::size_t stage, std::size_t parts, std::size_t (*which)(std::uint64_t number)) {
    auto& s = stages_[stage];
    s.count = parts, s.part_of = which, s.parts = std::make_unique<part[]>(parts);
  }
  [[nodiscard]] auto part_of(std::size_t stage, std::uint64_t number) const -> std::size_t { return stages_[stage].part_of == nullptr ? 0 : stages_[stage].part_of(number); }
  /// The stages, as bits, that have had an event before `stage` gets it.
  void comes_after(std::size_t stage, std::uint64_t others) { stages_[stage].after = others; }
  /// Events from number `end` on do not count for `stage`: a sequential run counts those that the other one has done.
  void ends_at(std::size_t stage, std::uint64_t end) {
    for (auto& p : stages_[stage]) p.end = end;
  }
  /// The same, where each part of `other` ended.
  void ends_as(std::size_t stage, long_history const& other) {
    for (std::size_t k = 0; k < stages_[stage].count; ++k) stages_[stage].parts[k].end = other.stages_[stage].parts[k].met;
  }

  /// Somebody runs the stage; the time of a visit belongs to no other.
  class visit {
   public:
    visit(long_history& h, std::size_t stage, std::uint64_t number = 0) : history_{h}, stage_{stage}, number_{number} { h.enter(stage, number); }
    ~visit() { history_.leave(stage_, number_); }
    visit(visit const&) = delete;
    auto operator=(visit const&) -> visit& = delete;

   private:
    long_history& history_;
    std::size_t stage_;
    std::uint64_t number_;  // of an event in its part
  };
  void enter(std::size_t stage, std::uint64_t number = 0) {
    auto& s = stages_[stage].owned(number);
    if (s.owner != nullptr) complain(stage, s.next, "has two owners");
    s.owner = me();
    if (s.last_owner == me()) return;
    if (s.last_owner != nullptr) ++s.hand_overs;
    s.last_owner = me();
  }
  void leave(std::size_t stage, std::uint64_t number = 0) {
    auto& s = stages_[stage].owned(number);
    if (s.owner != me()) complain(stage, s.next, "was taken from its owner");
    s.owner = nullptr;
  }

  /// Called by  whoever runs the stage, for event `number` with `value`. `seen` is the handler's own count of calls.
  void pass(std::size_t stage, std::uint64_t number, std::uint64_t value, std::uint64_t& seen) {
    auto& s = stages_[stage].with(number);
    if (!comes(stage, number)) return;
    s.next = number + 1;
    if (++s.count != ++seen) return complain(stage, number, "came to a handler that does not know of the ones before");
    s.digest = history::mix(s.digest, history::mix(number, value));
  }
  /// The same of a handler that keeps nothing.
  void pass(std::size_t stage, std::uint64_t number, std::uint64_t value) {
    auto seen = stages_[stage].with(number).count;
    pass(stage, number, value, seen);
  }
  /// The stage had the event and failed at it; perhaps it comes again. False: something is wrong, or it does not count.
  auto comes(std::size_t stage, std::uint64_t number) -> bool {
    auto& s = stages_[stage];
    auto& mine = s.with(number);
    if (number >= mine.end) return false;
    if (number < mine.next) return complain(stage, number, "came twice, or after a later one"), false;
    if (s.stops != 0) return complain(stage, number, "came after the stop"), false;
    for (auto m = s.after; m != 0; m &= m - 1)
      if (stages_[static_cast<std::size_t>(std::countr_zero(m))].marks[slot(number)] != mark(number)) return complain(stage, number, "came before an earlier stage had it"), false;
    s.marks[slot(number)] = mark(number);
    mine.met = number + 1;
    return true;
  }
  /// The hooks of a stage: told once each, around all events.
  void starts(std::size_t stage) {
    auto& s = stages_[stage];
    if (++s.starts != 1 || s.parts[0].count != 0 || s.stops != 0) complain(stage, s.parts[0].next, "was started when it had been already");
  }
  void stops(std::size_t stage) {
    auto& s = stages_[stage];
    if (++s.stops != 1 || s.starts != 1) complain(stage, s.parts[0].next, "was stopped twice, or never started");
  }

  void complain(std::size_t stage, std::uint64_t number, char const* what) {
    std::lock_guard const g{mutex_};
    if (wrong_.empty()) wrong_.append("stage ").append(std::to_string(stage)).append(", event ").append(std::to_string(number)).append(": ").append(what);
  }

  // ---- when nobody runs any more
  [[nodiscard]] auto wrong() const -> std::string const& { return wrong_; }
  /// Empty, or what is not as in a sequential run of the same events.
  [[nodiscard]] auto differs_from(long_history const& other) const -> std::string {
    if (!wrong_.empty()) return wrong_;
    if (!other.wrong_.empty()) return std::string{"sequentially: "}.append(other.wrong_);
    for (std::size_t k = 0; k < stages_.size(); ++k) {
      auto const stage = std::string{"stage "}.append(std::to_string(k));
      for (std::size_t p = 0; p < stages_[k].count; ++p) {
        auto const &mine = stages_[k].parts[p], &theirs = other.stages_[k].parts[p];
        if (mine.count != theirs.count)
          return std::string{stage}.append(" had ").append(std::to_string(mine.count)).append(" events, not ").append(std::to_string(theirs.count));
        if (mine.digest != theirs.digest) return std::string{stage}.append(" has seen other values, or its state is not that of a sequential run");
        if (mine.owner != nullptr) return std::string{stage}.append(" was never left");
      }
      if (stages_[k].stops != stages_[k].starts) return std::string{stage}.append(" was started and not stopped");
    }
    return {};
  }
  [[nodiscard]] auto count(std::size_t stage) const -> std::uint64_t {
    std::uint64_t all = 0;
    for (auto const& p : stages_[stage]) all += p.count;
    return all;
  }
  /// Behind the last event that the stage has had.
  [[nodiscard]] auto next(std::size_t stage) const -> std::uint64_t {
    std::uint64_t last = 0;
    for (auto const& p : stages_[stage]) last = p.next > last ? p.next : last;
    return last;
  }
  [[nodiscard]] auto digest(std::size_t stage) const -> std::uint64_t { return stages_[stage].parts[0].digest; }
  /// How often a stage, or a part of it, was run by another thread than before.
  [[nodiscard]] auto hand_overs() const -> std::uint64_t {
    std::uint64_t all = 0;
    for (auto const& s : stages_)
      for (auto const& p : s) all += p.hand_overs;
    return all;
  }

 private:
  static auto me() noexcept -> void const* {
    static thread_local char const here = 0;
    return &here;
  }
  [[nodiscard]] auto slot(std::uint64_t number) const noexcept -> std::size_t { return number % producers_ * (mask_ + 1) + (number / producers_ & mask_); }
  static constexpr auto mark(std::uint64_t number) noexcept -> std::uint32_t { return static_cast<std::uint32_t>(number + 1); }

  struct alignas(128) part {
    void const* volatile owner = nullptr;  // volatile: entered and left, even if nothing between them could be seen to matter
    void const* last_owner = nullptr;
    std::uint64_t met = 0, next = 0, count = 0, digest = 0, hand_overs = 0, end = never;
  };
  struct record {
    std::uint64_t after = 0;
    std::uint32_t starts = 0, stops = 0;
    std::size_t count = 1;
    bool owner_by_part = false;
    std::size_t (*part_of)(std::uint64_t) = nullptr;
    std::unique_ptr<part[]> parts;
    std::unique_ptr<std::uint32_t[]> marks;  // by event number within the window

    [[nodiscard]] auto with(std::uint64_t number) const -> part& { return parts[part_of == nullptr ? 0 : part_of(number)]; }
    [[nodiscard]] auto owned(std::uint64_t number) const -> part& { return owner_by_part ? with(number) : parts[0]; }
    [[nodiscard]] auto begin() const -> part* { return parts.get(); }
    [[nodiscard]] auto end() const -> part* { return parts.get() + count; }
  };
  std::uint64_t mask_, producers_;
  std::vector<record> stages_;
  std::mutex mutex_;
  std::string wrong_;
};

}  // namespace support
