// SPDX-License-Identifier: MIT
// The two stages that a pipeline has more if its events are replied to: a filter before all others, where events end that were called
// off, and one behind all others, which gives the replies.
#pragma once
#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include <millrace/async/desk.hpp>
#include <millrace/async/replying_input.hpp>
#include <millrace/base/config.hpp>
#include <millrace/stage/batch.hpp>
#include <millrace/stage/handler.hpp>

namespace millrace {

/// What flows out of a sentence that ends with these values: one as it is, several as a tuple; what may be missing as an optional.
template <typename V>
using flows_out = std::conditional_t<V::maybe, std::optional<typename V::type>, typename V::type>;
template <typename Values>
struct reply_of;
template <typename V>
struct reply_of<values<V>> : std::type_identity<flows_out<V>> {};
template <typename V, typename W, typename... More>
struct reply_of<values<V, W, More...>> : std::type_identity<std::tuple<flows_out<V>, flows_out<W>, flows_out<More>...>> {};

/// Goes on unless the event has been called off. Without a runner nothing ever is.
template <typename Platform>
class door {
 public:
  using platform = Platform;
  pool_size size;

  explicit(false) door(pool_size s = {}) noexcept : size{s} {}
  template <typename Desk>
  void open(Desk& desk) noexcept { tokens_ = desk.tokens(), mask_ = desk.mask(); }
  MILLRACE_INLINE auto operator()(at where) const noexcept -> bool { return tokens_ == nullptr || !tokens_[where.sequence & mask_].called_off(); }

 private:
  reply_token<Platform> const* tokens_ = nullptr;
  sequence mask_ = 0;
};

/// Writes down what became of an event.
template <typename R>
class teller {
 public:
  explicit teller(reply<R>& to) noexcept : to_{to} {}
  void failed(std::exception_ptr error) noexcept { to_ = reply<R>::failed(std::move(error)); }
  void filtered(std::string_view stage) noexcept { to_ = reply<R>::filtered(stage); }
  /// `Watched`: others look at the results at the same time.
  template <bool Watched, typename... V>
  MILLRACE_INLINE void value(typename V::held... v) { to_.become(give<Watched, V>(v)...); }
  /// All of so many parts have passed.
  void parts(std::int64_t n) { to_.become(n); }

 private:
  template <bool Watched, typename V>
  MILLRACE_INLINE static auto give(typename V::held v) -> decltype(auto) {
    if constexpr (V::maybe) return v == nullptr ? flows_out<V>{} : flows_out<V>{give_one<Watched, V>(*v)};
    else return give_one<Watched, V>(v);
  }
  // A result is made anew for each event; the event itself stays in its slot, with what it has.
  template <bool Watched, typename V>
  MILLRACE_INLINE static auto give_one(typename V::type& v) noexcept -> decltype(auto) {
    if constexpr ((Watched || V::from < 0) && std::is_copy_constructible_v<typename V::type>) return std::as_const(v);
    else return std::move(v);
  }

  reply<R>& to_;
};

/// The last stage.
template <typename R, typename Platform>
class replier {
 public:
  using desk = reply_desk<R, Platform>;

  void open(desk& d) noexcept { tokens_ = d.tokens(); }
  /// `tell(teller)` says what became of the event in the slot; not called if nobody waits.
  /// Costs      a load if nobody waits; else a read-modify-write of the slot's token, and one call of whoever waits.
  template <typename Tell>
  MILLRACE_INLINE void answer(std::size_t slot, Tell tell) noexcept {
    if (tokens_ == nullptr) [[unlikely]] return;  // there is no runner
    auto* const who = static_cast<waiter<R, Platform>*>(tokens_[slot].take());
    if (who == nullptr) return;
    auto& out = who->out.write();
    try {
      teller<R> to{out};
      tell(to);
    } catch (...) {
      out = reply<R>::failed(std::current_exception());  // a copy of the value threw
    }
    who->done(who);
  }

 private:
  reply_token<Platform>* tokens_ = nullptr;
};

}  // namespace millrace
