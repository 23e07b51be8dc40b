// SPDX-License-Identifier: MIT
// The producer's end of a ring beside which events may wait: it never waits itself.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include <millrace/base/config.hpp>
#include <millrace/base/status.hpp>
#include <millrace/run/input.hpp>
#include <millrace/run/publishing.hpp>

namespace millrace {

/// The one producer of a ring with mr::drop_oldest or mr::conflate_by. While there is room it is `input`; what finds none waits beside the
/// ring, in order, and is `ok` too, though a later publish may drop or replace it. Keeps the ring alive: after the runner's end
/// publishing says `closed`.
///
/// Several events at once are one behind the other, but what waited becomes visible as room comes. `refused`: more at once than may wait.
/// If the runner ends during a call, `fill` may have been called all the same.
///
/// Called by  one thread at a time; may be moved to another.
/// Waits      for no stage; while events wait, until a worker that is just moving some of them has done so.
/// Costs      as `input` while nothing waits, and one test more; else a read-modify-write, and a move for each event.
/// Throws     what `fill` and the policy's key throw: then nothing is published; what moving an event into the ring throws: then it
///            still waits.
template <typename Engine, typename Ring, typename Platform>
class overflow_input : public publishing<overflow_input<Engine, Ring, Platform>, Platform> {
  using forms = publishing<overflow_input, Platform>;
  friend forms;
  using claim_type = claimed_events<overflow_input>;
  friend claim_type;
  using room = decltype(Ring::overflow);
  using visit = typename room::visit;

 public:
  using event = typename Ring::event;

  /// The runner takes no more events.
  [[nodiscard]] auto closed() const noexcept -> bool { return direct_.closed(); }

  /// Moves events that wait into the ring, as far as there is room; workers do so too, and flush() and finish() wait until all are there.
  /// Says how many still wait.
  auto push_waiting() -> std::size_t {
    if (!behind_ || direct_.used() == nullptr) return 0;
    typename input<Engine, Ring, Platform>::in_use const guard{&ring()};
    static_cast<void>(beside([](room&) { return status::ok; }));
    return behind_ ? static_cast<std::size_t>(ring().overflow.waiting()) : 0;
  }

 private:
  template <typename Pipeline, typename P>
  friend class runner;
  template <typename Input>
  friend class sender;
  [[nodiscard]] auto place() const noexcept -> landing<Engine, Ring> { return direct_.place(); }
  overflow_input(std::shared_ptr<Engine> const& to, Ring& ring) : direct_{to, ring} {}

  template <typename Fill>
  MILLRACE_INLINE auto one(Fill&& fill, std::int64_t) -> status {
    if (!behind_) [[likely]]
      if (auto const s = direct_.try_publish(fill); s != status::would_block) [[likely]] return s;
    return fill_beside(1, [&](room& r) { r.fill(fill); });
  }
  template <typename Fill>
  auto several(std::size_t n, Fill&& fill, std::int64_t) -> status {
    if (direct_.used() == nullptr) return status::closed;
    if (n == 0 || n > static_cast<std::size_t>(ring().overflow.most())) return status::refused;
    if (!behind_)
      if (auto const s = direct_.try_publish(n, fill); s == status::ok || s == status::closed) return s;
    return fill_beside(n, [&](room& r) { r.fill(n, fill); });
  }
  template <typename Fill>
  auto up_to(std::size_t n, Fill&& fill, std::int64_t) -> published {
    if (direct_.used() == nullptr) return {status::closed, 0};
    if (auto const most = static_cast<std::size_t>(ring().overflow.most()); n > most) n = most;
    auto const s = several(n, fill, forms::at_once);
    return {s, s == status::ok ? n : 0};
  }
  auto claimed(std::size_t, std::int64_t) -> claim_type {
    static_assert(std::is_void_v<Engine>, "a claim hands out slots of the ring, and with mr::drop_oldest and mr::conflate_by events may have to wait beside it: publish with a function");
    return status::refused;
  }
  auto publish_claimed(sequence, std::int64_t) noexcept -> status { return status::refused; }  // so that it stays the one error
  void abandon_claimed(sequence, std::int64_t) noexcept {}

  [[nodiscard]] auto ring() const noexcept -> Ring& { return *direct_.ring_; }
  template <typename Fill>
  [[gnu::noinline]] auto fill_beside(std::size_t n, Fill fill) -> status {
    if (direct_.used() == nullptr) return status::closed;
    direct_.to_->refuse_elsewhere();
    typename input<Engine, Ring, Platform>::in_use const guard{&ring()};
    fill(ring().overflow);
    Platform::template fault<fault_site::claim>();
    return beside([n](room& r) { return r.closed() ? status::closed : (r.enter(n), status::ok); });
  }
  /// Does `what` among those that wait, behind those for which there is room by now.
  template <typename What>
  auto beside(What what) -> status {
    auto& r = ring().overflow;
    auto s = status::ok;
    {
      behind_ = true;  // if something throws we look again
      visit const mine{r};
      static_cast<void>(r.pour(ring()));
      bool const empty = r.size() == 0;
      s = what(r);
      if (empty) static_cast<void>(r.pour(ring()));
      if (behind_ = r.size() != 0; !behind_) direct_.look_again();
    }
    if (behind_) ring().producer.waiting().notify(ring().table);  // a worker sees to it
    return s;
  }

  input<Engine, Ring, Platform> direct_;
  bool behind_ = true;  // something may wait, which the handle before this one has left
};

}  // namespace millrace
