// SPDX-License-Identifier: MIT
#include <millrace/dsl/merge.hpp>

#include <optional>
#include <string>
#include <vector>

#include <millrace/dsl/sentence.hpp>
#include <millrace/run/run_inline.hpp>

#include "support/catch.hpp"

namespace mr = millrace;

namespace {
auto numbers(int from, int to) {
  return mr::generate([from, to]() mutable -> std::optional<int> { return from == to ? std::nullopt : std::optional{from++}; });
}
auto words(std::string word, int times) {
  return mr::generate<std::string>([word, times](std::string& s) mutable { return times-- > 0 ? (s = word, true) : false; });
}
}  // namespace

TEST_CASE("sources take turns, and the longer ones go on alone") {
  std::vector<int> seen;
  auto p = mr::merge(numbers(0, 2), numbers(10, 14), numbers(20, 21)) | mr::tap<"see">([&](int n) { seen.push_back(n); });
  CHECK(mr::run_inline(p) == 7);
  CHECK(seen == std::vector<int>{0, 10, 20, 1, 11, 12, 13});
}

TEST_CASE("sources that fill are merged too") {
  std::string seen;
  auto p = mr::merge(words("a", 3), words("b", 1)) | mr::tap<"see">([&](std::string const& s) { seen += s; });
  CHECK(mr::run_inline(p) == 4);
  CHECK(seen == "abaa");
}

TEST_CASE("a merge of nothing but ends ends, and one of a single source is that source") {
  int seen = 0;
  auto p = mr::merge(numbers(0, 0), numbers(5, 5)) | mr::tap<"see">([&](int) { ++seen; });
  CHECK(mr::run_inline(p) == 0);
  auto q = mr::merge(numbers(0, 3)) | mr::tap<"see">([&](int) { ++seen; });
  CHECK(mr::run_inline(q) == 3);
  CHECK(seen == 3);
}
