// SPDX-License-Identifier: MIT
// The events and results of the storm. Each knows its event's number, and has a value that the stages before have made.
//
//   make(number, value)   a new one          number(), digest()   what it holds
//   fill(number, value)   over an old one    stir(salt)           changes it
#pragma once
#include <atomic>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include "support/history.hpp"

namespace storm {

inline auto stirred(std::uint64_t value, std::uint64_t salt) noexcept -> std::uint64_t { return support::history::mix(value, salt + 1); }

/// Plain, of some size: it is worked on in registers if it is small enough, else in its slot.
template <std::size_t More>
struct plain {
  std::uint64_t n = 0, v = 0;
  std::uint64_t more[More] = {};

  static auto make(std::uint64_t number, std::uint64_t value) noexcept -> plain {
    plain p;
    p.fill(number, value);
    return p;
  }
  void fill(std::uint64_t number, std::uint64_t value) noexcept { n = number, v = value, more[More - 1] = value; }
  [[nodiscard]] auto number() const noexcept -> std::uint64_t { return n; }
  [[nodiscard]] auto digest() const noexcept -> std::uint64_t { return v ^ (more[More - 1] << 1); }
  void stir(std::uint64_t salt) noexcept { v = stirred(v, salt), more[More - 1] = v; }
};
template <>
struct plain<0> {
  std::uint64_t n = 0, v = 0;

  static auto make(std::uint64_t number, std::uint64_t value) noexcept -> plain { return {number, value}; }
  void fill(std::uint64_t number, std::uint64_t value) noexcept { n = number, v = value; }
  [[nodiscard]] auto number() const noexcept -> std::uint64_t { return n; }
  [[nodiscard]] auto digest() const noexcept -> std::uint64_t { return v; }
  void stir(std::uint64_t salt) noexcept { v = stirred(v, salt); }
};
using word = plain<0>;
using box = plain<5>;
static_assert(sizeof(word) == 16 && sizeof(box) == 56);

/// More aligned than a cache line. A wrong address is a wrong value.
struct alignas(256) wide : word {
  static auto make(std::uint64_t number, std::uint64_t value) noexcept -> wide { return {{number, value}}; }
  [[nodiscard]] auto digest() const noexcept -> std::uint64_t { return v + reinterpret_cast<std::uintptr_t>(this) % alignof(wide); }
};

/// Has a buffer, which it keeps when it is written over.
struct text {
  std::uint64_t n = 0;
  std::string s = std::string(32, ' ');

  static auto make(std::uint64_t number, std::uint64_t value) -> text {
    text t;
    t.fill(number, value);
    return t;
  }
  void fill(std::uint64_t number, std::uint64_t value) {
    n = number;
    s.assign(24 + value % 16, 't');
    std::memcpy(s.data(), &value, sizeof value);
  }
  [[nodiscard]] auto number() const noexcept -> std::uint64_t { return n; }
  [[nodiscard]] auto value() const noexcept -> std::uint64_t {
    std::uint64_t value = 0;
    std::memcpy(&value, s.data(), sizeof value);
    return value;
  }
  [[nodiscard]] auto digest() const noexcept -> std::uint64_t { return value() ^ (s.size() << 3) ^ static_cast<unsigned char>(s.back()); }
  void stir(std::uint64_t salt) { fill(n, stirred(value(), salt)); }
};

/// Move-only, without a default constructor; how many of them live is counted.
class parcel {
 public:
  static auto make(std::uint64_t number, std::uint64_t value) -> parcel { return parcel{number, value}; }
  static auto alive() noexcept -> std::int64_t { return alive_.load(std::memory_order_relaxed); }

  parcel(std::uint64_t number, std::uint64_t value) : content_{std::make_unique<word>(word{number, value})} { alive_.fetch_add(1, std::memory_order_relaxed); }
  parcel(parcel&& other) noexcept : content_{std::move(other.content_)} { alive_.fetch_add(1, std::memory_order_relaxed); }
  auto operator=(parcel&&) -> parcel& = delete;
  ~parcel() { alive_.fetch_sub(1, std::memory_order_relaxed); }

  [[nodiscard]] auto number() const noexcept -> std::uint64_t { return content_->n; }
  [[nodiscard]] auto digest() const noexcept -> std::uint64_t { return content_->v; }
  void stir(std::uint64_t salt) noexcept { content_->stir(salt); }

 private:
  std::unique_ptr<word> content_;
  static inline std::atomic<std::int64_t> alive_{0};
};

}  // namespace storm
