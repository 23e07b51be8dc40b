// SPDX-License-Identifier: MIT
// A std::future of a reply, for code that wants one. Not part of millrace.hpp: <future> is expensive to compile.
#pragma once
#include <future>
#include <memory>
#include <utility>

#include <millrace/async/future.hpp>

namespace millrace {

/// Its exception is what future::get() would throw.
/// Costs      the allocations of std::promise, and one to keep it.
template <typename R, typename Platform>
[[nodiscard]] auto to_std(future<R, Platform>&& f) -> std::future<R> {
  auto promise = std::make_unique<std::promise<R>>();
  auto result = promise->get_future();
  f.then([kept = std::move(promise)](reply<R> r) {
    if (r.has_value()) kept->set_value(std::move(*r));
    else kept->set_exception(r.as_error());
  });
  return result;
}

}  // namespace millrace
