// SPDX-License-Identifier: MIT
// The memory model: for each atomic object the last few values in modification order, who is known to have seen them, and
// what a reader acquires. One rule gives all of coherence: who knows (happens before) that somebody wrote or read a value
// may not read an older one.
#pragma once
#include <atomic>  // std::memory_order
#include <cstdint>

#include "model/simulation.hpp"

namespace millrace::model {

[[nodiscard]] constexpr auto acquires(std::memory_order o) noexcept -> bool {
  return o == std::memory_order::acquire || o == std::memory_order::acq_rel || o == std::memory_order::seq_cst || o == std::memory_order::consume;
}
[[nodiscard]] constexpr auto releases(std::memory_order o) noexcept -> bool {
  return o == std::memory_order::release || o == std::memory_order::acq_rel || o == std::memory_order::seq_cst;
}
[[nodiscard]] constexpr auto text(std::memory_order o) noexcept -> char const* {
  switch (o) {
    case std::memory_order::relaxed: return "relaxed";
    case std::memory_order::consume: return "consume";
    case std::memory_order::acquire: return "acquire";
    case std::memory_order::release: return "release";
    case std::memory_order::acq_rel: return "acq_rel";
    case std::memory_order::seq_cst: return "seq_cst";
  }
  return "?";
}

/// All but the values themselves. Values are counted from 0 in modification order; value n is kept in slot n % depth.
class location {
 public:
  static constexpr std::uint32_t depth = 8;
  /// How often in a row a thread may read an old value: stores become visible in finite time.
  static constexpr std::uint8_t patience = 2;

  location() noexcept { begin(); }
  ~location() {
    if (enlisted_in_ != 0 && enlisted_in_ == world.number()) world.forget(*this);
  }
  location(location const&) = delete;
  auto operator=(location const&) -> location& = delete;

  /// A load: says which slot it reads.
  auto read(std::memory_order o) noexcept -> std::uint32_t {
    auto const self = world.self();
    auto& me = world.me();
    auto const stamp = ++me.knows.at[self];
    must_exist(me);
    auto low = bound(me.knows);
    if (o == std::memory_order::seq_cst && sc_floor_ > low) low = sc_floor_;
    auto i = top_;
    if (low != top_) {
      if (stale_[self] < patience) i -= world.choices().pick(top_ - low + 1);
      stale_[self] = i == top_ ? std::uint8_t{0} : static_cast<std::uint8_t>(stale_[self] + 1);
    }
    take(i, o, me, self, stamp);
    return i % depth;
  }
  /// The reading half of a read-modify-write, always of the newest value.
  auto read_newest(std::memory_order o) noexcept -> std::uint32_t {
    auto const self = world.self();
    auto& me = world.me();
    auto const stamp = ++me.knows.at[self];
    must_exist(me);
    take(top_, o, me, self, stamp);
    return top_ % depth;
  }
  [[nodiscard]] auto newest() const noexcept -> std::uint32_t { return top_ % depth; }

  /// A new value: says which slot it goes to. `continues`: by a read-modify-write, which keeps a release sequence going.
  auto write(std::memory_order o, bool continues) noexcept -> std::uint32_t {
    auto const self = world.self();
    auto& me = world.me();
    auto const stamp = ++me.knows.at[self];
    must_exist(me);
    auto const before = top_;
    ++top_;
    auto& e = entries_[top_ % depth];
    auto sync = releases(o) ? me.knows : me.at_fence;
    if (continues) sync.join(entries_[before % depth].release);
    e.release = sync;
    e.known.fill(clock::never);
    e.known.at[self] = stamp;
    ++me.knows.at[self];  // what comes later is not covered by this release
    if (o == std::memory_order::seq_cst) sc_floor_ = top_;
    if (world.alone()) {
      base_ = top_;
      made_by_ = self;
      made_at_ = stamp;
    } else {
      if (top_ - base_ >= depth) base_ = top_ - depth + 1;
      if (enlisted_in_ != world.number()) {
        enlisted_in_ = world.number();
        world.enlist(*this);
      }
    }
    world.progress();
    return top_ % depth;
  }

  // ---- barriers and fences, over all locations that have more than one value

  /// Number of heavy barriers in this run.
  static inline std::uint32_t heavy_barriers = 0;

  /// The frequent side: covers what this thread did, and from now on it sees what any earlier heavy barrier covers.
  static void light_barrier() noexcept;
  /// The rare side: from now on this thread sees what the light barriers of all threads cover. No happens-before by itself.
  static void heavy_barrier() noexcept;
  /// std::atomic_thread_fence.
  static void fence(std::memory_order o) noexcept;

 private:
  struct entry {
    clock release;  // what who acquires this value gets
    clock known;    // the stamp at which each thread first knew it
  };

  void begin() noexcept {
    entries_[0].release = clock{};
    entries_[0].known.fill(clock::never);
    if (world.running()) {
      made_by_ = world.self();
      made_at_ = ++world.me().knows.at[made_by_];
    }
  }
  /// Making an atomic object is not atomic.
  void must_exist(thread_record const& me) noexcept {
    if (me.knows.at[made_by_] < made_at_) [[unlikely]] world.fail("data race: " + world.name_at(this) + " is used before its making is visible");
  }
  /// The oldest value that a thread with this knowledge may read.
  [[nodiscard]] auto bound(clock const& knows) const noexcept -> std::uint32_t {
    for (auto i = top_; i != base_; --i)
      if (knows.knows_any(entries_[i % depth].known)) return i;
    return base_;
  }
  void mark(std::uint32_t i, unsigned self, std::uint32_t stamp) noexcept {
    auto& k = entries_[i % depth].known.at[self];
    if (k == clock::never) k = stamp;
  }
  void take(std::uint32_t i, std::memory_order o, thread_record& me, unsigned self, std::uint32_t stamp) noexcept {
    mark(i, self, stamp);
    if (o == std::memory_order::seq_cst && i > sc_floor_) sc_floor_ = i;
    auto const& r = entries_[i % depth].release;
    if (acquires(o)) me.knows.join(r);
    else me.may_acquire.join(r);
  }

  std::uint32_t top_ = 0, base_ = 0;
  std::uint32_t sc_floor_ = 0;     // seq_cst loads read this or newer
  std::uint32_t heavy_floor_ = 0;  // covered by a heavy barrier
  std::uint32_t enlisted_in_ = 0;
  unsigned made_by_ = 0;
  std::uint32_t made_at_ = 0;
  std::uint8_t stale_[most_threads] = {};
  entry entries_[depth];
};

}  // namespace millrace::model
