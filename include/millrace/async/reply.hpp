// SPDX-License-Identifier: MIT
// What became of an event that somebody waits for. Exactly one of these, always.
#pragma once
#include <cstdint>
#include <exception>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <millrace/base/status.hpp>

namespace millrace {

enum class ending : std::uint8_t {
  pending,   ///< not yet
  value,     ///< it passed all stages, and this is what flowed out
  failed,    ///< a handler threw this
  filtered,  ///< a filter said no
  stopped,   ///< the pipeline ended before it was through, or it was called off
  refused,   ///< it was never published
};

/// There is no value: the event was filtered, stopped or refused. A handler's own exception is thrown as it is.
struct no_reply : std::runtime_error {
  no_reply(ending why, std::string const& text) : std::runtime_error{text}, how{why} {}
  ending how;
};

/// Costs      its place, no allocation. Small, so that a reply that waits in a pool shares a line with the word that says it is there.
template <typename R>
class reply {
 public:
  reply() noexcept {}
  explicit reply(R&& value) { become(std::move(value)); }
  [[nodiscard]] static auto failed(std::exception_ptr why) noexcept -> reply {
    reply r;
    ::new (static_cast<void*>(&r.error_)) std::exception_ptr{std::move(why)};
    r.how_ = ending::failed;
    return r;
  }
  /// `stage` must live as long: names of stages do.
  [[nodiscard]] static auto filtered(std::string_view stage) noexcept -> reply {
    reply r;
    ::new (static_cast<void*>(&r.stage_)) std::string_view{stage};
    r.how_ = ending::filtered;
    return r;
  }
  [[nodiscard]] static auto stopped() noexcept -> reply {
    reply r;
    r.how_ = ending::stopped;
    return r;
  }
  /// `would_block`: no room; `closed`; `refused`: no state was free for the future.
  [[nodiscard]] static auto refused(status why) noexcept -> reply {
    reply r;
    r.how_ = ending::refused, r.why_ = why;
    return r;
  }
  reply(reply&& other) noexcept(std::is_nothrow_move_constructible_v<R>) { take(std::move(other)); }
  auto operator=(reply&& other) noexcept(std::is_nothrow_move_constructible_v<R>) -> reply& {
    if (this != &other) clear(), take(std::move(other));
    return *this;
  }
  ~reply() { clear(); }

#if defined(__GNUC__) && !defined(__clang__)  // gcc does not see that a result which was not made is not given
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
  template <typename... Parts>
  void become(Parts&&... parts) {
    clear();
    ::new (static_cast<void*>(std::addressof(value_))) R(std::forward<Parts>(parts)...);
    how_ = ending::value;
  }
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

  [[nodiscard]] auto how() const noexcept -> ending { return how_; }
  [[nodiscard]] auto has_value() const noexcept -> bool { return how_ == ending::value; }
  explicit operator bool() const noexcept { return has_value(); }
  /// There is a value.
  [[nodiscard]] auto operator*() & noexcept -> R& { return value_; }
  [[nodiscard]] auto operator*() const& noexcept -> R const& { return value_; }
  [[nodiscard]] auto operator*() && noexcept -> R&& { return std::move(value_); }
  [[nodiscard]] auto operator->() noexcept -> R* { return std::addressof(value_); }
  [[nodiscard]] auto operator->() const noexcept -> R const* { return std::addressof(value_); }
  /// Throws     what the handler threw; no_reply if it was filtered, stopped or refused.
  [[nodiscard]] auto value() && -> R {
    if (how_ == ending::value) [[likely]] return std::move(value_);
    complain();
  }
  /// What the handler threw; null if none did.
  [[nodiscard]] auto error() const noexcept -> std::exception_ptr { return how_ == ending::failed ? error_ : nullptr; }
  /// The filter that said no; empty if none did.
  [[nodiscard]] auto stage() const noexcept -> std::string_view { return how_ == ending::filtered ? stage_ : std::string_view{}; }
  /// Why it was refused; `ok` if it was not.
  [[nodiscard]] auto why() const noexcept -> status { return why_; }
  /// What value() would throw; null if it would not.
  [[nodiscard]] auto as_error() const noexcept -> std::exception_ptr {
    if (has_value() || how_ == ending::failed) return error();
    try {
      complain();
    } catch (...) {
      return std::current_exception();
    }
  }
  /// Pending again.
  void clear() noexcept {
    if (how_ == ending::value) value_.~R();
    else if (how_ == ending::failed) error_.~exception_ptr();
    how_ = ending::pending, why_ = status::ok;
  }

 private:
  void take(reply&& other) {
    if (other.how_ == ending::value) ::new (static_cast<void*>(std::addressof(value_))) R(std::move(other.value_));
    else if (other.how_ == ending::failed) ::new (static_cast<void*>(&error_)) std::exception_ptr{std::move(other.error_)};
    else if (other.how_ == ending::filtered) ::new (static_cast<void*>(&stage_)) std::string_view{other.stage_};
    how_ = other.how_, why_ = other.why_;
  }
  [[noreturn, gnu::noinline]] void complain() const {
    if (how_ == ending::failed) std::rethrow_exception(error_);
    if (how_ == ending::filtered) throw no_reply{how_, "millrace: no reply, the event was filtered by stage " + std::string{stage_}};
    if (how_ == ending::refused) throw no_reply{how_, "millrace: no reply, the event was not published: " + std::string{text(why_)}};
    throw no_reply{how_, how_ == ending::stopped ? "millrace: no reply, the pipeline stopped or the event was called off" : "millrace: no reply yet, or it was taken before"};
  }

  ending how_ = ending::pending;
  status why_ = status::ok;
  union {
    R value_;
    std::exception_ptr error_;
    std::string_view stage_;
  };
};

}  // namespace millrace
