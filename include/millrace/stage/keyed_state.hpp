// SPDX-License-Identifier: MIT
// The table of a handler that keeps something for each key.
#pragma once
#include <cstddef>
#include <unordered_map>
#include <utility>

#include <millrace/stage/sharding.hpp>

namespace millrace {

/// A handler of a stage that is shared by key (mr::keyed_by) has one as a member or a base: `(*this)[order.symbol]` is the state of a key,
/// made when it is first asked for. There is a handler for each of 64 groups of keys, so there are 64 tables, each of which goes with
/// its group from worker to worker: no lock, no copy. What the table holds in the beginning is dealt to the groups: a handler that has
/// it as a member and wants that says `void keep_lane(std::size_t l) { table.keep_lane(l); }`. `run.visit<"stage">(f)` looks at all,
/// `run.merged<"stage">()` makes one table of them.
///
/// Called by  the handler, for keys of its own events.
template <typename Key, typename State, typename Map = std::unordered_map<Key, State>>
class keyed_state {
 public:
  using key_type = Key;
  using map_type = Map;

  [[nodiscard]] auto operator[](Key const& key) -> State& { return table_[key]; }
  /// Null if there is none.
  [[nodiscard]] auto find(Key const& key) const -> State const* {
    auto const at = table_.find(key);
    return at == table_.end() ? nullptr : &at->second;
  }
  auto erase(Key const& key) -> bool { return table_.erase(key) != 0; }
  [[nodiscard]] auto size() const noexcept -> std::size_t { return table_.size(); }
  [[nodiscard]] auto begin() const noexcept { return table_.begin(); }
  [[nodiscard]] auto end() const noexcept { return table_.end(); }
  [[nodiscard]] auto map() noexcept -> Map& { return table_; }
  [[nodiscard]] auto map() const noexcept -> Map const& { return table_; }

  /// Splits: keeps the keys of one group only. Called once for each group, before the first event.
  void keep_lane(std::size_t lane) {
    for (auto at = table_.begin(); at != table_.end();)
      if (lane_of_key(at->first) != lane) at = table_.erase(at);
      else ++at;
  }
  /// Merges: takes in the keys of another group. Called by runner::merged().
  void merge(keyed_state const& other) { table_.insert(other.begin(), other.end()); }

 private:
  Map table_;
};

}  // namespace millrace
