// SPDX-License-Identifier: MIT
// The handlers of the storm: each tells the history what it gets, and may throw, or change the plan, at given events.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <millrace/stage/batch.hpp>
#include <millrace/stage/sharding.hpp>

#include "storm/dice.hpp"
#include "storm/keys.hpp"
#include "storm/values.hpp"
#include "support/counted.hpp"
#include "support/long_history.hpp"

namespace storm {

/// What the handlers of one pipeline share.
struct world {
  world(std::size_t stages, std::size_t window, std::size_t producers) : history{stages, window, producers}, fails_at(stages, support::long_history::never), stumbles(stages, 0) {
    if (producers == many)
      for (std::size_t s = 0; s < stages; ++s) history.has_parts(s, many, [](std::uint64_t number) -> std::size_t { return number % many; });
  }
  static constexpr std::size_t many = keys_of::producers;  // if not one

  /// Stage `s` throws now and then: never, at all events, or at some.
  void may_stumble(std::size_t s) {
    dice d{seed ^ (s + 1) * 0x632be59bd9b4e019U};
    stumbles[s] = d.one_in(4) ? 0 : d.one_in(3) ? d.between(1, 100) : d.power(7);
  }

  support::long_history history;
  std::vector<std::uint64_t> fails_at;                      // by stage: at this event it throws
  std::vector<std::uint64_t> stumbles;                      // by stage: at one event in so many it throws, and its policy says what then
  std::uint64_t seed = 0;                                   // of how often stages stumble
  keys_of const* keys = &even_keys;                         // of stages that are shared by key
  std::size_t stopper = ~std::size_t{0};                    // a stage whose handler stops the runner
  std::uint64_t stops_at = 0;                               // at this event
  std::function<void()> stop;
  std::uint64_t events = 0;                                 // an own source ends after so many
  std::size_t meddler = ~std::size_t{0};                    // a stage whose handler changes the plan
  std::uint64_t meddles_every = 1;                          // so many events
  std::function<void()> meddle;
};

/// What every handler has: a state that must go with the stage.
class probe {
 public:
  probe(world& w, std::size_t stage) noexcept : world_{&w}, stage_{stage} {}

 protected:
  using visit = support::long_history::visit;
  [[nodiscard]] auto come(std::uint64_t event = 0) const -> visit { return {world_->history, stage_, event}; }
  [[nodiscard]] auto number() const noexcept -> std::size_t { return stage_; }
  [[nodiscard]] auto salt() const noexcept -> std::uint64_t { return stage_; }
  [[nodiscard]] auto shared() const noexcept -> world& { return *world_; }
  void saw(std::uint64_t number, std::uint64_t value) {
    fail(number);
    stumble(number);
    keep(number, value);
  }
  void fail(std::uint64_t number) const {
    if (number == world_->fails_at[stage_]) throw support::planned_failure{};
    if (stage_ == world_->stopper && number == world_->stops_at) world_->stop();
  }
  void keep(std::uint64_t number, std::uint64_t value) {
    world_->history.pass(stage_, number, value, seen_[world_->history.part_of(stage_, number)]);
    if (stage_ == world_->meddler && number % world_->meddles_every == 0) world_->meddle();
  }
  /// A batch handler throws before it has seen any of them: then none of them is done.
  template <typename Batch>
  void before(Batch const& all) const {
    for (auto const& v : all)
      if (v.number() == world_->fails_at[stage_]) throw support::planned_failure{};
  }
  /// Several values of one event; a pointer may be null. The first is always there.
  template <typename First, typename... More>
  [[nodiscard]] static auto sum(First const& first, More const&... more) -> std::uint64_t {
    auto value = first.digest();
    ((value = stirred(value, part(more, first.number()))), ...);
    return value;
  }
  void stumble(std::uint64_t number) const {
    auto const every = world_->stumbles[stage_];
    if (every == 0 || number % every != every - 1) return;
    static_cast<void>(world_->history.comes(stage_, number));
    throw support::planned_failure{};
  }
  [[nodiscard]] auto goes_on(std::uint64_t value) const noexcept -> bool { return stirred(value, stage_) % 8 != 0; }
  void started() const { world_->history.starts(stage_); }
  void stopped() const { world_->history.stops(stage_); }

 private:
  template <typename T>
  static auto part(T const& v, std::uint64_t number) -> std::uint64_t { return v.digest() + (v.number() - number); }
  template <typename T>
  static auto part(T const* v, std::uint64_t number) -> std::uint64_t { return v == nullptr ? 0 : part(*v, number); }

  world* world_;
  std::size_t stage_;
  std::array<std::uint64_t, world::many> seen_{};
};

// ---- event by event
struct look : probe {
  using probe::probe;
  template <typename First, typename... More>
  void operator()(First const& first, More const&... more) {
    auto const here = come();
    saw(first.number(), sum(first, more...));
  }
};
struct look_where : probe {  // the position is the event's number
  using probe::probe;
  template <typename T>
  void operator()(T const& v, millrace::at where) {
    auto const here = come();
    saw(static_cast<std::uint64_t>(where.sequence), v.digest() + v.number());
  }
};
struct stir : probe {
  using probe::probe;
  template <typename T>
  void operator()(T& v) {
    auto const here = come();
    saw(v.number(), v.digest());
    v.stir(salt());
  }
};
template <typename R>
struct brew : probe {
  using probe::probe;
  template <typename First, typename... More>
  auto operator()(First const& first, More const&... more) -> R {
    auto const here = come();
    auto const value = sum(first, more...);
    saw(first.number(), value);
    return R::make(first.number(), stirred(value, salt()));
  }
};
struct sift : probe {
  using probe::probe;
  template <typename First, typename... More>
  auto operator()(First const& first, More const&... more) -> bool {
    auto const here = come();
    auto const value = sum(first, more...);
    saw(first.number(), value);
    return goes_on(value);
  }
};
/// Makes two events of the next ring of each.
struct halve : probe {
  using probe::probe;
  template <typename T>
  auto operator()(T const& v) -> std::array<word, 2> {
    auto const here = come();
    saw(v.number(), v.digest());
    return {word{2 * v.number(), stirred(v.digest(), salt())}, word{2 * v.number() + 1, v.digest()}};
  }
};

// ---- by batches
struct look_at_all : probe {
  using probe::probe;
  template <typename T>
  void operator()(millrace::batch<T> all) {
    auto const here = come();
    before(all);
    for (auto const& v : all) saw(v.number(), v.digest());
  }
};
struct stir_all : probe {
  using probe::probe;
  template <typename T>
  void operator()(millrace::batch<T> all) {
    auto const here = come();
    before(all);
    for (auto& v : all) saw(v.number(), v.digest()), v.stir(salt());
  }
};
template <typename R, typename T>
struct brew_all : probe {
  using probe::probe;
  void operator()(millrace::batch<T const> all, millrace::results<R>& out) {
    auto const here = come();
    before(all);
    for (auto const& v : all) {
      saw(v.number(), v.digest());
      out(R::make(v.number(), stirred(v.digest(), salt())));
    }
  }
};
struct sift_all : probe {
  using probe::probe;
  template <typename T>
  void operator()(millrace::batch<T> all, millrace::verdicts& out) {
    auto const here = come();
    before(all);
    for (auto const& v : all) saw(v.number(), v.digest()), out(goes_on(v.digest()));
  }
};

// ---- with state that no plain copy can take along, and with hooks
struct look_and_keep : probe {
  using probe::probe;
  template <typename T>
  void operator()(T const& v) {
    auto const here = come();
    kept_.resize(20 + v.number() % 20, 'k');
    saw(v.number(), v.digest() + static_cast<unsigned char>(kept_.front()));
  }

 private:
  std::string kept_ = std::string(20, 'k');
};
template <typename Handler>
struct hooked : Handler {
  using Handler::Handler;
  void on_start() {
    auto const here = this->come();
    this->started();
  }
  void on_stop() {
    auto const here = this->come();
    this->stopped();
  }
  void on_idle() { auto const here = this->come(); }
  void on_batch_end() { auto const here = this->come(); }
};

// ---- whose errors do not stop all
/// Sees what a stage has failed at.
struct salvage : probe {
  using probe::probe;
  template <typename T>
  void operator()(T const& v, std::exception_ptr const& why) {
    auto const here = come();
    saw(v.number(), v.digest() + (why != nullptr ? 1 : 0));
  }
};
/// Where it stumbles it throws up to three times at the same event, and then sees it.
struct stubborn : probe {
  using probe::probe;
  static constexpr auto times(std::uint64_t number, std::uint64_t every) -> std::uint64_t { return every == 0 || number % every != every - 1 ? 0 : number / every % 4; }
  template <typename First, typename... More>
  void operator()(First const& first, More const&... more) {
    auto const here = come();
    auto const number = first.number();
    fail(number);
    if (std::exchange(at_, number) != number) attempts_ = 0;
    if (attempts_++ < times(number, shared().stumbles[this->number()])) {
      static_cast<void>(shared().history.comes(this->number(), number));
      throw support::planned_failure{};
    }
    keep(number, sum(first, more...));
  }

 private:
  std::uint64_t at_ = support::long_history::never, attempts_ = 0;
};

// ---- that several workers run
/// Those of one place are always in one lane, however a ring deals its events: the longest lap.
inline constexpr auto places = static_cast<std::size_t>(millrace::dealing{}.lap());
inline auto place_of(std::uint64_t number) noexcept -> std::size_t { return number % places; }

/// Copied for each group of keys: keeps what it has seen by key.
struct keyed_brew : probe {
  keyed_brew(world& w, std::size_t stage) : probe{w, stage} { w.history.is_shared(stage, keys_of::most, w.keys->part); }
  template <typename T>
  auto operator()(T const& v) -> word {
    auto const here = come(v.number());
    fail(v.number());
    stumble(v.number());
    shared().history.pass(number(), v.number(), v.digest(), seen_[shared().keys->part(v.number())]);
    ++count_, sum_ += v.number();
    return word::make(v.number(), stirred(v.digest(), salt()));
  }
  void merge(keyed_brew const& other) noexcept { count_ += other.count_, sum_ += other.sum_; }
  /// It has seen the first n events, each once.
  [[nodiscard]] auto has_seen(std::uint64_t n) const noexcept -> bool { return count_ == n && sum_ == n * (n - 1) / 2; }

 private:
  std::array<std::uint64_t, keys_of::most> seen_{};
  std::uint64_t count_ = 0, sum_ = 0;
};
/// Called by several workers at once.
class common_probe : public probe {
 public:
  common_probe(world& w, std::size_t stage) : probe{w, stage} { w.history.is_shared(stage, places, place_of); }

 protected:
  template <typename First, typename... More>
  auto see(First const& first, More const&... more) const -> std::uint64_t {
    auto const here = come(first.number());
    fail(first.number());
    stumble(first.number());
    auto const value = sum(first, more...);
    shared().history.pass(number(), first.number(), value);
    return value;
  }
};
struct common_look : common_probe {
  using common_probe::common_probe;
  template <typename... V>
  void operator()(V const&... v) const { see(v...); }
};
template <typename R>
struct common_brew : common_probe {
  using common_probe::common_probe;
  template <typename First, typename... More>
  auto operator()(First const& first, More const&... more) const -> R { return R::make(first.number(), stirred(see(first, more...), salt())); }
};
struct common_sift : common_probe {
  using common_probe::common_probe;
  template <typename... V>
  auto operator()(V const&... v) const -> bool { return goes_on(see(v...)); }
};

// ---- own sources
template <typename T>
struct spring : probe {
  using probe::probe;
  auto operator()() -> std::optional<T> {
    auto const here = come();
    if (next_ == shared().events) return std::nullopt;
    saw(next_, next_);
    ++next_;
    return T::make(next_ - 1, next_ - 1);
  }

 private:
  std::uint64_t next_ = 0;
};
struct filling_spring : probe {
  using probe::probe;
  template <typename T>
  auto operator()(T& into) -> bool {
    auto const here = come();
    if (next_ == shared().events) return false;
    saw(next_, next_);
    into.fill(next_, next_);
    ++next_;
    return true;
  }

 private:
  std::uint64_t next_ = 0;
};

}  // namespace storm
