// SPDX-License-Identifier: MIT
#include <atomic>
#include <set>
#include <thread>
#include <vector>

#include <millrace/sync/free_list.hpp>

#include "support/catch.hpp"

using free_list = millrace::free_list<millrace::std_platform>;

TEST_CASE("free list: each number once, then none, and again when it is back") {
  free_list all{3};
  std::set<std::size_t> out;
  for (int i = 0; i < 3; ++i) out.insert(all.pop());
  CHECK(out == std::set<std::size_t>{0, 1, 2});
  CHECK(all.pop() == free_list::none);
  CHECK_FALSE(all.push(1));
  CHECK(all.pop() == 1);
}

TEST_CASE("free list: after the end the last one back says so") {
  free_list all{3};
  auto const a = all.pop(), b = all.pop();
  CHECK_FALSE(all.close());
  CHECK_FALSE(all.push(b));
  CHECK(all.push(a));
  free_list here{2}, none{0}, lent{1};
  CHECK(here.close());
  CHECK(none.pop() == free_list::none);
  CHECK(none.close());
  auto const only = lent.pop();
  CHECK_FALSE(lent.close());
  CHECK(lent.push(only));
}

TEST_CASE("free list: threads never hold one number at once") {
  free_list all{4};
  std::atomic<int> holders[4]{};
  std::atomic<int> wrong{0};
  std::vector<std::thread> users;
  for (int t = 0; t < 4; ++t)
    users.emplace_back([&] {
      for (int i = 0; i < 20'000; ++i) {
        auto const n = all.pop();
        if (n == free_list::none) continue;
        if (holders[n].fetch_add(1) != 0) ++wrong;
        holders[n].fetch_sub(1);
        if (all.push(n)) ++wrong;
      }
    });
  for (auto& u : users) u.join();
  CHECK(wrong == 0);
  CHECK(all.close());
}
