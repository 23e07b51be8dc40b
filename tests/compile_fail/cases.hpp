// SPDX-License-Identifier: MIT
// What the cases share.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <millrace/dsl/sentence.hpp>

namespace mr = millrace;

struct order {
  int symbol;
  int quantity;
};
struct fill {
  int price;
};
inline auto price(order const& o) -> fill { return {o.quantity}; }
inline auto is_big(order const& o) -> bool { return o.quantity > 100; }
inline void see(order const&) {}
inline void see_fill(fill const&) {}
inline void decode(order& o) { ++o.quantity; }

struct owner {  // move-only
  std::unique_ptr<int> what;
  void operator()(order const&) const {}
};
struct pinned {  // neither copied nor moved
  pinned() = default;
  pinned(pinned const&) = delete;
  auto operator=(pinned const&) -> pinned& = delete;
  void operator()(order const&) const {}
};

// What only the wrong sentence says, and what only its corrected twin says.
#ifdef MILLRACE_CORRECTED
#define WRONG(...)
#define RIGHT(...) __VA_ARGS__
#else
#define WRONG(...) __VA_ARGS__
#define RIGHT(...)
#endif
