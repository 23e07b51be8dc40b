// SPDX-License-Identifier: MIT
// Somebody else's function for as long as a call, so that who is called need not be a template. One indirect call: never for an event.
#pragma once
#include <memory>
#include <type_traits>

namespace millrace {

template <typename Signature>
class function_view;

/// A parameter type. What it was made of must outlive it.
template <typename Result, typename... Arguments>
class function_view<Result(Arguments...)> {
 public:
  template <typename F>
    requires(!std::is_same_v<std::remove_cvref_t<F>, function_view>)
  function_view(F&& f) noexcept
      : of_{const_cast<void*>(static_cast<void const*>(std::addressof(f)))},
        call_{[](void* of, Arguments... arguments) -> Result { return (*static_cast<std::remove_reference_t<F>*>(of))(static_cast<Arguments>(arguments)...); }} {}

  auto operator()(Arguments... arguments) const -> Result { return call_(of_, static_cast<Arguments>(arguments)...); }

 private:
  void* of_;
  Result (*call_)(void*, Arguments...);
};

}  // namespace millrace
