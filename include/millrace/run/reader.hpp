// SPDX-License-Identifier: MIT
// Events read on a thread of the user's own: asked for, never called.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <thread>  // std::chrono::nanoseconds, at half the price of <chrono>
#include <type_traits>
#include <utility>

#include <millrace/base/config.hpp>
#include <millrace/base/errors.hpp>
#include <millrace/base/owned.hpp>
#include <millrace/base/status.hpp>
#include <millrace/run/errand.hpp>
#include <millrace/run/visit.hpp>
#include <millrace/sync/wake_fd.hpp>
#include <millrace/sync/wanted.hpp>

namespace millrace {

/// What a poll has found: `ok`, events; `would_block`, none now; `closed`, none now or ever.
struct polled {
  status what;
  std::size_t count;
};

/// A worker's side of a reader's file descriptor: it waits for events as a stage does, and tells.
template <typename Visit, typename Crew>
class reader_bell final : public errand<std::remove_reference_t<decltype(std::declval<Visit&>().engine())>, Crew> {
  using platform = typename Visit::platform;
  using base = errand<std::remove_reference_t<decltype(std::declval<Visit&>().engine())>, Crew>;

 public:
  MILLRACE_COLD reader_bell(Visit& of, std::shared_ptr<Crew> on, std::size_t worker) : base{of.engine(), std::move(on)}, visit_{of} { this->send(worker); }

  [[nodiscard]] auto get() const noexcept -> int { return fd_.get(); }
  /// The reader, who is at `at`, has nothing left: the descriptor becomes readable when there is something again.
  void ask(sequence at) noexcept {
    wish_.ask();
    if (visit_.limit() > at || visit_.ended(at)) tell();
    else if (this->running()) this->alert();
  }
  /// The reader is there.
  void hush() noexcept {
    if (!wish_.take()) fd_.hush();
  }

  // ---- the worker's side: see job
  auto work(std::size_t) noexcept -> outcome override {
    if (this->recalled() || this->engine().course().now() >= life::stopping) [[unlikely]] return outcome::over;
    if (news()) tell();
    return outcome::idle;
  }
  MILLRACE_COLD void lull(std::size_t) noexcept override {}
  MILLRACE_COLD void lie_down(std::size_t worker) noexcept override { visit_.add_waiter(worker); }
  MILLRACE_COLD auto look_again(std::size_t) noexcept -> prospect override {
    if (this->recalled() || this->engine().course().now() >= life::stopping || news()) return prospect::some;
    return wish_.asked() && visit_.under_way(visit_.at()) ? prospect::soon : prospect::none;
  }

 private:
  [[nodiscard]] auto news() noexcept -> bool {
    if (!wish_.asked()) return false;
    auto const at = visit_.at();
    return visit_.limit() > at || visit_.ended(at);
  }
  void tell() noexcept {
    if (wish_.take()) fd_.ring();
  }
  MILLRACE_COLD void returns() noexcept override { tell(); }  // an end is news too; whoever asks later sees it himself

  Visit& visit_;
  wake_fd fd_;
  wanted<platform> wish_;
};

/// Reads a ring on the caller's thread. Room is made for what it has released, as for a stage; flush and finish do not wait for it, and
/// what lies in the ring at the end can still be read. Keeps the ring alive.
///
/// Called by  one thread at a time; may be moved to another.
template <typename Engine, std::size_t Ring, typename Node, typename Crew>
class ring_reader {
  using visit_type = visit<Engine, Ring, Node>;
  using platform = typename Engine::platform;
  using looks = typename visit_type::looks;

  struct state {
    state(std::shared_ptr<Engine> const& to, std::shared_ptr<Crew> on, beginning from) : seen{to, true, from}, crew{std::move(on)}, at{seen.at()}, out{at} {}
    ~state() {
      if (bell != nullptr && !bell->call_back()) {
        std::fputs("millrace: a reader with a file descriptor was destroyed by a worker of the same crew, which it would have to wait for\n", stderr);
        std::abort();
      }
    }
    /// Gives back what was handed out.
    void release() {
      if (out == at) return;
      at = out;
      seen.advance(at);
      rest();
    }
    /// Nothing is handed out.
    void rest() {
      if (bell != nullptr) bell->ask(at);
    }
    visit_type seen;
    std::shared_ptr<Crew> crew;
    owned<reader_bell<visit_type, Crew>> bell;
    sequence at, out;  // released; handed out in a view
  };

 public:
  /// Events that were taken, as a batch: see batch. Released when it is destroyed, or at the next call to the reader.
  class view {
    using values = typename looks::inputs;
    static_assert(is_one<values>, "take() hands out one kind of value; here several reach the reader: use poll()");
    static_assert(!looks::behind_failures, "take() cannot leave out events that have failed before the reader: use poll()");
    using batch_type = decltype(looks::batch_of(std::declval<typename looks::slots_type&>(), 0, 0, 0));

   public:
    view(view&& other) noexcept : of_{std::exchange(other.of_, nullptr)}, to_{other.to_}, events_{other.events_} {}
    auto operator=(view&&) -> view& = delete;
    ~view() {
      if (of_ != nullptr && of_->out == to_) of_->release();
    }
    [[nodiscard]] auto begin() const noexcept { return events_.begin(); }
    [[nodiscard]] auto end() const noexcept { return events_.end(); }
    [[nodiscard]] auto size() const noexcept -> std::size_t { return events_.size(); }
    [[nodiscard]] auto empty() const noexcept -> bool { return events_.empty(); }
    [[nodiscard]] auto events() const noexcept -> batch_type const& { return events_; }

   private:
    friend class ring_reader;
    view(state* of, sequence to, batch_type events) noexcept : of_{of}, to_{to}, events_{events} {}
    state* of_;
    sequence to_;
    batch_type events_;
  };

  MILLRACE_COLD ring_reader(std::shared_ptr<Engine> const& to, std::shared_ptr<Crew> on, beginning from, std::size_t worker)
      : state_{new state{to, std::move(on), from}}, worker_{worker} {}

  /// Calls `f` for each event that is there, with what reaches the reader and, if it takes that, its position.
  /// Waits      never.
  /// Throws     what `f` throws; then the event is the next one again.
  template <typename F>
  auto poll(F&& f) -> polled {
    constexpr auto form = form_for(std::type_identity<Node>{}, std::type_identity<std::remove_reference_t<F>>{});
    if constexpr (form == shape::none) explain_form(std::type_identity<Node>{}, std::type_identity<std::remove_reference_t<F>>{});
    begin();
    auto& s = *state_;
    auto const limit = s.seen.ended(s.at) ? s.at : s.seen.limit();
    std::size_t n = 0;
    if (limit > s.at) {
      auto const pass = [&] { s.out = s.at, s.seen.advance(s.at); };
      try {
        if constexpr (form != shape::none) n = looks::template each<form>(s.seen.slots(), s.seen.mask(), s.at, limit, false, f);
      } catch (...) {
        pass();
        throw;
      }
      pass();
    }
    s.rest();
    return {n != 0 ? status::ok : s.seen.ended(s.at) ? status::closed : status::would_block, n};
  }
  /// At most `n` events that are there, in order; fewer where the ring goes round, none if there is none now or n is 0.
  /// Waits      never.
  [[nodiscard]] auto take(std::size_t n) -> view {
    begin();
    auto& s = *state_;
    auto to = s.seen.ended(s.at) ? s.at : s.seen.limit();
    if (static_cast<std::size_t>(to - s.at) > n) to = s.at + static_cast<sequence>(n);
    to = looks::stretch(s.seen.mask(), s.at, to);
    s.out = to;
    if (to == s.at) s.rest();
    return view{&s, to, looks::batch_of(s.seen.slots(), s.seen.mask(), s.at, to)};
  }
  /// Until there are events: `ok`; or none will come: `closed`.
  /// Waits      as the runner's wait policy says; `would_block` at once on a worker of the same crew.
  [[nodiscard]] MILLRACE_COLD auto wait() -> status { return wait_until_time(for_ever); }
  /// The same, no longer than `d`: then `would_block`.
  [[nodiscard]] MILLRACE_COLD auto wait_for(std::chrono::nanoseconds d) -> status {
    auto const at = platform::now();
    return wait_until_time(d.count() > for_ever - at ? for_ever : at + d.count());
  }
  /// No event is left and none will come.
  [[nodiscard]] auto ended() const noexcept -> bool { return state_->seen.ended(state_->out); }
  /// For epoll or poll: readable when there is something to read or the end has come, once for each time that a call has left nothing
  /// (and rarely once more, for nothing).
  /// After it woke, read until nothing is left. A worker of the crew tells.
  /// Throws     unsupported where there is no eventfd; bad_call on a worker of the same crew; std::system_error.
  [[nodiscard]] MILLRACE_COLD auto fd() -> int {
    auto& s = *state_;
    if (s.bell == nullptr) {
      if (s.crew->on_board()) throw bad_call{"millrace: fd() on a worker of the same crew would wait for itself"};
      s.bell.reset(new reader_bell<visit_type, Crew>{s.seen, s.crew, worker_});
      if (s.out == s.at) s.rest();
    }
    return s.bell->get();
  }

 private:
  void begin() {
    state_->release();
    if (state_->bell != nullptr) state_->bell->hush();
  }
  auto wait_until_time(std::int64_t deadline) -> status {
    auto& s = *state_;
    s.release();
    patience<platform> look{s.seen.engine().wait()};
    auto const ready = [&] { return s.seen.limit() > s.at || s.seen.ended(s.at); };
    if (!ready() && s.crew->on_board()) return status::would_block;
    if (!wait_until<platform>(look, s.seen.engine().others(), deadline, ready, [&] { s.seen.add_waiter(sleepers<platform>::others); })) return status::would_block;
    return s.seen.ended(s.at) ? status::closed : status::ok;
  }

  owned<state> state_;
  std::size_t worker_;
};

}  // namespace millrace
