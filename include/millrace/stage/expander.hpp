// SPDX-License-Identifier: MIT
// The handler of an expanding stage, with the range that it is in the middle of: if the next ring is full the stage stops there,
// and goes on at the same place whoever holds it then.
#pragma once
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

#include <millrace/stage/handler.hpp>
#include <millrace/stage/hooks.hpp>

namespace millrace {

/// `Range` is what F returns: a range by value, which is kept here meanwhile, or a reference to one that lasts as long as the event.
template <typename F, typename Range>
class expander {
  using kept = std::conditional_t<std::is_reference_v<Range>, std::remove_reference_t<Range>*, Range>;
  using range = std::remove_reference_t<Range>;

 public:
  using iterator = decltype(std::declval<range&>().begin());
  using sentinel = decltype(std::declval<range&>().end());

  explicit expander(F&& handler) : f{std::move(handler)} {}
  expander(expander const& other) : f{other.f} {}  // of a sentence, not of a run: nothing is open
  expander(expander&& other) noexcept(std::is_nothrow_move_constructible_v<F>) : f{std::move(other.f)} {}
  ~expander() { close(); }

  [[nodiscard]] auto is_open() const noexcept -> bool { return open_; }
  /// Asks the handler. Throws what it throws, and what begin() and end() of the range throw.
  template <typename... Arguments>
  void open(Arguments&&... arguments) {
    if constexpr (std::is_reference_v<Range>) ::new (place(range_)) kept(std::addressof(millrace::call(f, std::forward<Arguments>(arguments)...)));
    else ::new (place(range_)) kept(millrace::call(f, std::forward<Arguments>(arguments)...));
    stage_ = 1;
    ::new (place(now_)) iterator(the_range().begin());
    stage_ = 2;
    ::new (place(end_)) sentinel(the_range().end());
    open_ = true;
  }
  [[nodiscard]] auto at_end() -> bool { return now_ == end_; }
  [[nodiscard]] auto operator*() -> decltype(auto) { return *now_; }
  void next() { ++now_; }
  void close() noexcept {
    if (std::exchange(open_, false)) end_.~sentinel();
    if (stage_ == 2) now_.~iterator();
    if (stage_ != 0) range_.~kept();
    stage_ = 0;
  }

  void on_start() requires hears_start<F> { f.on_start(); }
  void on_stop() requires hears_stop<F> { f.on_stop(); }
  void on_idle() requires hears_idle<F> { f.on_idle(); }
  void on_tick(std::chrono::nanoseconds now) requires hears_tick<F> { f.on_tick(now); }
  [[nodiscard]] auto tick_every() const noexcept -> std::int64_t requires hears_tick<F> { return f.tick_every(); }
  void on_batch_end() requires hears_batch_end<F> { f.on_batch_end(); }

  F f;

 private:
  template <typename T>
  static auto place(T& t) noexcept -> void* { return const_cast<void*>(static_cast<void const*>(std::addressof(t))); }
  auto the_range() noexcept -> range& {
    if constexpr (std::is_reference_v<Range>) return *range_;
    else return range_;
  }

  union {
    kept range_;
  };
  union {
    iterator now_;
  };
  union {
    sentinel end_;
  };
  bool open_ = false;
  unsigned char stage_ = 0;  // of opening: how much has been made
};

/// What the range gives for each new event, as a value.
template <typename Range>
using expanded_value = std::remove_cvref_t<decltype(*std::declval<std::remove_reference_t<Range>&>().begin())>;
/// Something to iterate over whose elements can be copied or moved to events.
template <typename Range>
concept expandable = requires(std::remove_reference_t<Range>& r) {
  static_cast<bool>(r.begin() == r.end());
  *r.begin();
  ++std::declval<decltype(r.begin())&>();
} && std::is_object_v<expanded_value<Range>> && std::is_constructible_v<expanded_value<Range>, decltype(*std::declval<std::remove_reference_t<Range>&>().begin())>;

/// The range of one value where it stands: what `compact` expands to.
template <typename T>
class single {
 public:
  explicit single(T const& value) noexcept : value_{std::addressof(value)} {}
  auto begin() const noexcept -> T const* { return value_; }
  auto end() const noexcept -> T const* { return value_ + 1; }

 private:
  T const* value_;
};
struct as_single {
  template <typename T>
  auto operator()(T const& value) const noexcept -> single<T> { return single<T>{value}; }
};

}  // namespace millrace
