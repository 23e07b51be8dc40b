// SPDX-License-Identifier: MIT
#include <millrace/run/waiting_keys.hpp>

#include <deque>
#include <random>
#include <utility>

#include "support/catch.hpp"

namespace mr = millrace;

TEST_CASE("waiting keys: the same as a list that is searched, also with hashes that collide and a table that is full") {
  auto const keys = GENERATE(1U, 3U, 8U, 40U);
  auto const hashes = GENERATE(1U, 2U, 1000U);
  constexpr std::size_t most = 8;
  CAPTURE(keys, hashes);
  mr::waiting_keys table;
  table.open(most);
  std::deque<std::pair<mr::sequence, unsigned>> list;  // place, key
  std::mt19937 any{keys * 7 + hashes};
  mr::sequence next = 0;
  bool right = true;
  for (int i = 0; i < 20'000 && right; ++i) {
    auto const key = static_cast<unsigned>(any() % keys);
    auto const hash = std::uint64_t{key % hashes};
    auto const key_at = [&](mr::sequence at) { return list[static_cast<std::size_t>(at - list.front().first)].second; };
    auto const found = table.find(hash, [&](mr::sequence at) { return key_at(at) == key; });
    mr::sequence expected = mr::waiting_keys::none;
    for (auto const& [at, k] : list)
      if (k == key) expected = at;
    right = found == expected;
    if (found == mr::waiting_keys::none && any() % 3 != 0) {
      if (list.size() == most) table.remove(list.front().second % hashes, list.front().first), list.pop_front();
      table.add(hash, next);
      list.emplace_back(next++, key);
    } else if (any() % 4 == 0 && !list.empty()) {
      table.remove(list.front().second % hashes, list.front().first), list.pop_front();
    }
  }
  CHECK(right);
}
