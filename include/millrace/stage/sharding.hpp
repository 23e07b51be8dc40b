// SPDX-License-Identifier: MIT
// How a stage may be shared by several workers: its events are dealt to 64 lanes, by their key or by their place in the ring, and a
// worker runs the lanes that the plan gives it.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>  // std::hash
#include <type_traits>
#include <utility>
#include <vector>

#include <millrace/base/cache_line.hpp>
#include <millrace/base/sequence.hpp>
#include <millrace/stage/handler.hpp>
#include <millrace/stage/hooks.hpp>

namespace millrace {

enum class sharing : std::uint8_t {
  none,       // a serial stage: one lane
  by_key,     // all events of a key in one lane, in order; a handler of its own for each lane
  by_place,   // runs of neighbours in turns; one handler for all, which is called by several workers at once
};

/// Lanes of a stage that may be shared.
inline constexpr std::size_t lane_count = 64;
/// How events are dealt to the lanes of a stage that is shared by place: runs of neighbours, one lane after the other.
class dealing {
 public:
  /// Neighbours that go to one lane, at most: so many that results of a word lie on whole cache lines.
  static constexpr sequence most_together = 16;

  /// In a ring of so many slots. A small one holds few events, which then are large: there must be enough runs for all workers.
  constexpr explicit dealing(sequence slots = static_cast<sequence>(lane_count) * most_together) noexcept {
    while (shift_ > 0 && slots >> shift_ < static_cast<sequence>(lane_count)) --shift_;
  }
  [[nodiscard]] constexpr auto together() const noexcept -> sequence { return sequence{1} << shift_; }
  /// One lap of all lanes.
  [[nodiscard]] constexpr auto lap() const noexcept -> sequence { return static_cast<sequence>(lane_count) << shift_; }
  [[nodiscard]] constexpr auto run_begin(sequence q) const noexcept -> sequence { return q - (q & (together() - 1)); }
  /// Workers have lanes that are neighbours, and a ring may hold a few runs only: so runs that follow each other go to lanes that are
  /// far apart, in the order of van der Corput's sequence, the number of the run with its bits reversed.
  [[nodiscard]] constexpr auto lane_of(sequence q) const noexcept -> std::size_t {
    auto const run = static_cast<std::size_t>(q >> shift_) % lane_count;
    std::size_t lane = 0;
    for (std::size_t b = 0; b < 6; ++b) lane |= (run >> b & 1) << (5 - b);
    return lane;
  }
  /// The next event of lane l that is not below `at`.
  [[nodiscard]] constexpr auto next_of_lane(std::size_t l, sequence at) const noexcept -> sequence {
    if (lane_of(at) == l) return at;
    auto q = run_begin(at) + together();
    while (lane_of(q) != l) q += together();
    return q;
  }
  /// Behind the last event of lane l that is below `at`; 0 if there is none.
  [[nodiscard]] constexpr auto behind_last_of_lane(std::size_t l, sequence at) const noexcept -> sequence {
    if (lane_of(at) == l && run_begin(at) != at) return at;
    auto q = run_begin(at + together() - 1);
    for (auto const least = q - lap(); q > least; q -= together())
      if (q >= together() && lane_of(q - together()) == l) return q;
    return 0;
  }

 private:
  unsigned shift_ = 4;  // of most_together
};

template <typename Key>
constexpr auto hash_of(Key const& key) -> std::uint64_t {
  if constexpr (std::is_integral_v<Key> || std::is_enum_v<Key>) return static_cast<std::uint64_t>(key);
  else return static_cast<std::uint64_t>(std::hash<Key>{}(key));
}
/// The lane of a key. Keys that differ in few bits are spread by the multiplication (Fibonacci hashing; Knuth, TAOCP 3, 6.4).
template <typename Key>
constexpr auto lane_of_key(Key const& key) noexcept -> std::uint8_t {
  auto h = hash_of(key);
  h ^= h >> 32;
  return static_cast<std::uint8_t>(h * 0x9e3779b97f4a7c15U >> 58);
}

/// The handler of the stage that deals events: it stands before the stage that is shared by key.
template <typename KeyOf>
struct dealer {
  [[no_unique_address]] KeyOf key_of;
  template <typename First, typename... Rest>
  auto operator()(First const& first, [[maybe_unused]] Rest const&... rest) const -> std::uint8_t {
    if constexpr (std::is_invocable_v<KeyOf const&, First const&, Rest const&...>) return lane_of_key<std::remove_cvref_t<std::invoke_result_t<KeyOf const&, First const&, Rest const&...>>>(millrace::call(key_of, first, rest...));
    else return lane_of_key<std::remove_cvref_t<std::invoke_result_t<KeyOf const&, First const&>>>(millrace::call(key_of, first));
  }
};
template <typename KeyOf, typename... V>
inline constexpr bool has_key = false;
template <typename KeyOf, typename First, typename... V>
inline constexpr bool has_key<KeyOf, First, V...> = std::is_invocable_v<KeyOf const&, typename First::seen, typename V::seen...> || std::is_invocable_v<KeyOf const&, typename First::seen>;

/// A handler that begins with state is told which part of it is its own: it is split once, before the first event. Later its lane goes from
/// worker to worker with all that it keeps, so that dealing a stage anew splits and merges nothing. See runner::merged for the way back.
template <typename F>
concept keeps_a_lane = requires(F& f, std::size_t lane) { f.keep_lane(lane); };

/// A handler for each lane: copies, so what a handler keeps is kept per key group and moves with its lane. A handler without state
/// is not copied.
template <typename F>
class clones {
  struct alignas(cache_line_size) clone {
    F f;
  };

 public:
  explicit(false) clones(F&& first) : first_{std::move(first)} {}
  /// Called once, before the first event.
  void multiply() {
    if constexpr (!std::is_empty_v<F>) {
      if (!all_.empty()) return;
      all_.reserve(lane_count);
      for (std::size_t l = 0; l < lane_count; ++l) {
        all_.push_back({first_});
        if constexpr (keeps_a_lane<F>) all_.back().f.keep_lane(l);
      }
    }
  }
  [[nodiscard]] MILLRACE_INLINE auto operator[]([[maybe_unused]] std::size_t lane) noexcept -> F& {
    if constexpr (std::is_empty_v<F>) return first_;
    else return all_[lane % lane_count].f;
  }
  [[nodiscard]] auto operator[]([[maybe_unused]] std::size_t lane) const noexcept -> F const& {
    if constexpr (std::is_empty_v<F>) return first_;
    else return all_[lane % lane_count].f;
  }
  /// How many there are.
  static constexpr std::size_t count = std::is_empty_v<F> ? 1 : lane_count;
 private:
  F first_;
  std::vector<clone> all_;
};

template <hook H, typename F>
inline constexpr bool hears<H, clones<F>> = hears<H, F>;
/// Those of the lanes `mine`.
template <hook H, typename F, typename... What>
void tell_lanes(clones<F>& all, std::uint64_t mine, What... what) {
  if constexpr (clones<F>::count == 1) mine &= 1;  // without state: once, for the first lane
  for (; mine != 0; mine &= mine - 1) millrace::tell<H>(all[static_cast<std::size_t>(std::countr_zero(mine))], what...);
}
template <hook H, typename F, typename... What>
void tell_lanes(F& f, std::uint64_t, What... what) { millrace::tell<H>(f, what...); }

/// Before the first event.
template <typename F>
void multiply(clones<F>& all) { all.multiply(); }
template <typename F>
void multiply(F&) noexcept {}

}  // namespace millrace
