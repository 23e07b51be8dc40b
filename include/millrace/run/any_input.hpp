// SPDX-License-Identifier: MIT
// The producer's end without the pipeline's type: for class members and separate compilation.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <thread>  // std::chrono::nanoseconds, at half the price of <chrono>
#include <type_traits>
#include <utility>

#include <millrace/base/owned.hpp>
#include <millrace/base/status.hpp>

namespace millrace {

/// Publishes events of type T into whatever runner it was made from: `any_input<order> in{run.input()}`. One indirect call for a
/// publish of a value or of an array of them; where a function fills the slot a second one, and one more for each further event.
///
/// Called by  as the handle that it holds.
/// Waits      as that handle. A default-constructed one, and one that was moved from, says `closed`.
/// Throws     what copying an event or `fill` throws: then nothing is published.
template <typename T>
class any_input {
 public:
  using event = T;

  any_input() = default;
  template <typename Input>
    requires(!std::is_same_v<std::remove_cvref_t<Input>, any_input> && !std::is_lvalue_reference_v<Input>)
  explicit any_input(Input&& in) : to_{new hidden<std::remove_cvref_t<Input>>{std::move(in)}} {
    static_assert(std::is_same_v<typename Input::event, T>, "the input takes events of another type than the any_input is to take; write any_input<Event> with its event");
  }

  /// A value is assigned to the event of a lap ago, or made anew if it cannot be assigned.
  [[nodiscard]] auto publish(T const& e) -> status { return copy(&e, 1, for_ever_); }
  [[nodiscard]] auto publish(T&& e) -> status { return move(&e, for_ever_); }
  [[nodiscard]] auto try_publish(T const& e) -> status { return copy(&e, 1, at_once_); }
  [[nodiscard]] auto try_publish(T&& e) -> status { return move(&e, at_once_); }
  [[nodiscard]] auto publish_for(std::chrono::nanoseconds d, T const& e) -> status { return copy(&e, 1, waits(d)); }
  [[nodiscard]] auto publish_for(std::chrono::nanoseconds d, T&& e) -> status { return move(&e, waits(d)); }
  /// `n` events that lie one behind the other; all become visible together.
  [[nodiscard]] auto publish(T const* first, std::size_t n) -> status { return copy(first, n, for_ever_); }
  [[nodiscard]] auto try_publish(T const* first, std::size_t n) -> status { return copy(first, n, at_once_); }
  [[nodiscard]] auto publish_for(std::chrono::nanoseconds d, T const* first, std::size_t n) -> status { return copy(first, n, waits(d)); }

  /// `fill(event&)` writes in the slot; for n at once `fill(event&, i)`.
  template <typename Fill>
    requires std::is_invocable_v<Fill&, T&>
  [[nodiscard]] auto publish(Fill&& fill) -> status { return one(fill, for_ever_); }
  template <typename Fill>
    requires std::is_invocable_v<Fill&, T&>
  [[nodiscard]] auto try_publish(Fill&& fill) -> status { return one(fill, at_once_); }
  template <typename Fill>
    requires std::is_invocable_v<Fill&, T&>
  [[nodiscard]] auto publish_for(std::chrono::nanoseconds d, Fill&& fill) -> status { return one(fill, waits(d)); }
  template <typename Fill>
    requires std::is_invocable_v<Fill&, T&, std::size_t>
  [[nodiscard]] auto publish(std::size_t n, Fill&& fill) -> status { return several(n, fill, for_ever_); }
  template <typename Fill>
    requires std::is_invocable_v<Fill&, T&, std::size_t>
  [[nodiscard]] auto try_publish(std::size_t n, Fill&& fill) -> status { return several(n, fill, at_once_); }
  template <typename Fill>
    requires std::is_invocable_v<Fill&, T&, std::size_t>
  [[nodiscard]] auto publish_for(std::chrono::nanoseconds d, std::size_t n, Fill&& fill) -> status { return several(n, fill, waits(d)); }

  [[nodiscard]] auto closed() const noexcept -> bool { return to_ == nullptr || to_->closed(); }

 private:
  static constexpr std::int64_t for_ever_ = INT64_MAX, at_once_ = INT64_MIN;  // else: so many nanoseconds
  using filler = void (*)(void* fill, T& slot, std::size_t i);

  struct shown {
    virtual ~shown() = default;
    virtual auto copy(T const* first, std::size_t n, std::int64_t how) -> status = 0;
    virtual auto move(T* from, std::int64_t how) -> status = 0;
    virtual auto fill(void* fill, filler call, std::size_t n, std::int64_t how) -> status = 0;
    [[nodiscard]] virtual auto closed() const noexcept -> bool = 0;
  };
  template <typename Input>
  struct hidden final : shown {
    Input in;
    explicit hidden(Input&& i) noexcept : in{std::move(i)} {}

    template <typename... A>
    auto hand_on(std::int64_t how, A&&... a) -> status {
      if (how == for_ever_) return in.publish(std::forward<A>(a)...);
      if (how == at_once_) return in.try_publish(std::forward<A>(a)...);
      return in.publish_for(std::chrono::nanoseconds{how}, std::forward<A>(a)...);
    }
    auto copy([[maybe_unused]] T const* first, [[maybe_unused]] std::size_t n, [[maybe_unused]] std::int64_t how) -> status override {
      if constexpr (!std::is_copy_constructible_v<T>) return status::refused;  // no caller: T const& cannot be published
      else if constexpr (std::is_copy_assignable_v<T> && std::is_default_constructible_v<T>)
        return n == 1 ? hand_on(how, [first](T& e) { e = *first; }) : hand_on(how, n, [first](T& e, std::size_t i) { e = first[i]; });
      else return n == 1 ? hand_on(how, [first] { return T(*first); }) : hand_on(how, n, [first](std::size_t i) { return T(first[i]); });
    }
    auto move(T* from, std::int64_t how) -> status override {
      if constexpr (std::is_move_assignable_v<T> && std::is_default_constructible_v<T>) return hand_on(how, [from](T& e) { e = std::move(*from); });
      else return hand_on(how, [from] { return T(std::move(*from)); });
    }
    auto fill([[maybe_unused]] void* f, [[maybe_unused]] filler call, [[maybe_unused]] std::size_t n, [[maybe_unused]] std::int64_t how) -> status override {
      if constexpr (!std::is_default_constructible_v<T>) return status::refused;  // no caller: see one()
      else return n == 1 ? hand_on(how, [f, call](T& e) { call(f, e, 0); }) : hand_on(how, n, [f, call](T& e, std::size_t i) { call(f, e, i); });
    }
    [[nodiscard]] auto closed() const noexcept -> bool override { return in.closed(); }
  };

  static auto waits(std::chrono::nanoseconds d) noexcept -> std::int64_t { return d.count() <= 0 ? at_once_ : d.count(); }
  auto copy(T const* first, std::size_t n, std::int64_t how) -> status {
    static_assert(std::is_copy_constructible_v<T>, "this event cannot be copied: publish it with std::move, or with a function that fills the slot");
    return to_ == nullptr ? status::closed : to_->copy(first, n, how);
  }
  auto move(T* from, std::int64_t how) -> status { return to_ == nullptr ? status::closed : to_->move(from, how); }
  template <typename Fill>
  auto one(Fill& fill, std::int64_t how) -> status {
    static_assert(std::is_default_constructible_v<T>, "this event has no default constructor, so there is none in the slot to be filled: publish a value");
    if (to_ == nullptr) return status::closed;
    return to_->fill(const_cast<void*>(static_cast<void const*>(std::addressof(fill))), [](void* f, T& e, std::size_t) { (*static_cast<Fill*>(f))(e); }, 1, how);
  }
  template <typename Fill>
  auto several(std::size_t n, Fill& fill, std::int64_t how) -> status {
    static_assert(std::is_default_constructible_v<T>, "this event has no default constructor, so there is none in the slot to be filled: publish values");
    if (to_ == nullptr) return status::closed;
    return to_->fill(const_cast<void*>(static_cast<void const*>(std::addressof(fill))), [](void* f, T& e, std::size_t i) { (*static_cast<Fill*>(f))(e, i); }, n, how);
  }

  owned<shown> to_;
};

}  // namespace millrace
