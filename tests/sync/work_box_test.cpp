// SPDX-License-Identifier: MIT
#include <vector>

#include <millrace/sync/work_box.hpp>

#include "support/catch.hpp"

using millrace::work;
using box_type = millrace::work_box<millrace::std_platform>;

TEST_CASE("work box: first in, first out, over several lots") {
  box_type box;
  work w[5];
  CHECK(box.empty());
  CHECK(box.pop() == nullptr);
  CHECK(box.push(w[0]));
  CHECK_FALSE(box.push(w[1]));
  CHECK(box.pop() == &w[0]);
  CHECK(box.push(w[2]));
  CHECK_FALSE(box.push(w[3]));
  std::vector<work*> rest;
  while (auto* const next = box.pop()) rest.push_back(next);
  CHECK(rest == std::vector<work*>{&w[1], &w[2], &w[3]});
  CHECK(box.empty());
}

TEST_CASE("work box: what is taken back does not run, wherever it stands") {
  for (std::size_t which = 0; which < 3; ++which) {
    box_type box;
    work w[3];
    CHECK(box.take_back(w[which]) == work::idle);
    for (auto& one : w) box.push(one);
    CHECK(box.take_back(w[which]) == work::queued);
    CHECK(box.take_back(w[which]) == work::idle);
    for (std::size_t i = 0; i < 3; ++i)
      if (i != which) CHECK(box.pop() == &w[i]);
    CHECK(box.pop() == nullptr);
    box.push(w[which]);
    CHECK(box.pop() == &w[which]);
    CHECK(box.take_back(w[which]) == work::running);
  }
}

TEST_CASE("work box: what is nowhere has no links, so that it can be posted again without touching it") {
  box_type box;
  work w[3];
  for (int round = 0; round < 3; ++round) {
    for (auto& one : w) box.push(one);
    CHECK(box.pop() == &w[0]);
    CHECK(box.take_back(w[2]) == work::queued);
    CHECK(box.pop() == &w[1]);
    for (auto const& one : w) CHECK(one.next == nullptr);
    CHECK(box.push(w[1]));
    CHECK(w[1].next == nullptr);
    CHECK(box.pop() == &w[1]);
    CHECK(box.pop() == nullptr);
  }
}
