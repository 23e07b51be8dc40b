// SPDX-License-Identifier: MIT
// What became of an event that somebody waits for. Exactly one of these, always.
#pragma once
#include <cstdint>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
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

/// Costs      where it stands, no allocation.
template <typename R>
class reply {
 public:
  reply() noexcept = default;
  explicit reply(R&& value) : how_{ending::value}, value_{std::move(value)} {}
  [[nodiscard]] static auto failed(std::exception_ptr why) noexcept -> reply {
    reply o{ending::failed};
    o.error_ = std::move(why);
    return o;
  }
  /// `stage` must live as long: names of stages do.
  [[nodiscard]] static auto filtered(std::string_view stage) noexcept -> reply {
    reply o{ending::filtered};
    o.stage_ = stage;
    return o;
  }
  [[nodiscard]] static auto stopped() noexcept -> reply { return reply{ending::stopped}; }
  /// `would_block`: no room; `closed`; `refused`: no state was free for the future.
  [[nodiscard]] static auto refused(status why) noexcept -> reply {
    reply o{ending::refused};
    o.why_ = why;
    return o;
  }

#if defined(__GNUC__) && !defined(__clang__)  // gcc does not see that a result which was not made is not given
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
  template <typename... Parts>
  void become(Parts&&... parts) {
    value_.emplace(std::forward<Parts>(parts)...);
    how_ = ending::value;
  }
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

  [[nodiscard]] auto how() const noexcept -> ending { return how_; }
  [[nodiscard]] auto has_value() const noexcept -> bool { return how_ == ending::value; }
  explicit operator bool() const noexcept { return has_value(); }
  /// There is a value.
  [[nodiscard]] auto operator*() & noexcept -> R& { return *value_; }
  [[nodiscard]] auto operator*() const& noexcept -> R const& { return *value_; }
  [[nodiscard]] auto operator*() && noexcept -> R&& { return std::move(*value_); }
  [[nodiscard]] auto operator->() noexcept -> R* { return &*value_; }
  [[nodiscard]] auto operator->() const noexcept -> R const* { return &*value_; }
  /// Throws     what the handler threw; no_reply if it was filtered, stopped or refused.
  [[nodiscard]] auto value() && -> R {
    if (how_ == ending::value) [[likely]] return std::move(*value_);
    complain();
  }
  /// What the handler threw; null if none did.
  [[nodiscard]] auto error() const noexcept -> std::exception_ptr const& { return error_; }
  /// The filter that said no; empty if none did.
  [[nodiscard]] auto stage() const noexcept -> std::string_view { return stage_; }
  /// Why it was refused; `ok` if it was not.
  [[nodiscard]] auto why() const noexcept -> status { return why_; }
  /// What value() would throw; null if it would not.
  [[nodiscard]] auto as_error() const noexcept -> std::exception_ptr {
    if (has_value()) return nullptr;
    if (error_ != nullptr) return error_;
    try {
      complain();
    } catch (...) {
      return std::current_exception();
    }
  }

 private:
  explicit reply(ending how) noexcept : how_{how} {}

  [[noreturn, gnu::noinline]] void complain() const {
    if (error_ != nullptr) std::rethrow_exception(error_);
    if (how_ == ending::filtered) throw no_reply{how_, "millrace: no reply, the event was filtered by stage " + std::string{stage_}};
    if (how_ == ending::refused) throw no_reply{how_, "millrace: no reply, the event was not published: " + std::string{text(why_)}};
    throw no_reply{how_, how_ == ending::stopped ? "millrace: no reply, the pipeline stopped or the event was called off" : "millrace: no reply yet, or it was taken before"};
  }

  ending how_ = ending::pending;
  status why_ = status::ok;
  std::optional<R> value_;
  std::exception_ptr error_;
  std::string_view stage_;
};

}  // namespace millrace
