// SPDX-License-Identifier: MIT
#include <millrace/stage/table.hpp>

#include <cstdint>
#include <optional>

#include <millrace/dsl/sentence.hpp>

#include "support/catch.hpp"

namespace mr = millrace;

namespace {

constexpr auto name_of(std::size_t k) {
  mr::fixed_string<4> n;
  n.text[0] = 's', n.text[1] = static_cast<char>('0' + k / 10), n.text[2] = static_cast<char>('0' + k % 10);
  return n;
}
struct add {
  std::uint64_t what;
  void operator()(std::uint64_t& v) const noexcept { v = v * 31 + what; }
};
template <std::size_t K, std::size_t N, typename P>
auto extend(P&& p) {
  if constexpr (K == N) return std::forward<P>(p);
  else return extend<K + 1, N>(std::forward<P>(p) | mr::change<name_of(K)>(add{K}));
}
template <std::size_t N>
auto chain() { return extend<0, N>(mr::from<std::uint64_t>()); }
template <typename P>
using table = mr::body_table<mr::segment<P>>;

/// Whatever run is asked for, its bodies cover its stages, without gap or overlap.
template <typename P>
void check_all_runs() {
  constexpr auto n = mr::segment<P>::stages;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = i + 1; j <= n; ++j) {
      auto const list = table<P>::compose(i, j);
      CAPTURE(i, j);
      REQUIRE(list.parts >= 1);
      REQUIRE(list.from[0] == i);
      REQUIRE(list.from[list.parts] == j);
      for (std::size_t p = 0; p < list.parts; ++p) {
        REQUIRE(list.part[p] != nullptr);
        REQUIRE(list.from[p] < list.from[p + 1]);
        REQUIRE(table<P>::exists(list.from[p], list.from[p + 1]));
      }
    }
}
template <typename P>
auto count_bodies() {
  std::size_t count = 0;
  for (std::size_t i = 0; i < mr::segment<P>::stages; ++i)
    for (std::size_t j = i + 1; j <= mr::segment<P>::stages; ++j) count += table<P>::exists(i, j) ? 1 : 0;
  return count;
}

}  // namespace

TEST_CASE("bodies cover every run of stages") {
  check_all_runs<decltype(chain<1>())>();
  check_all_runs<decltype(chain<8>())>();
  check_all_runs<decltype(chain<16>())>();
  check_all_runs<decltype(chain<40>())>();
  using source = decltype(extend<0, 11>(mr::generate([]() -> std::optional<std::uint64_t> { return {}; })));
  check_all_runs<source>();
  using batches = decltype(extend<0, 3>(mr::from<std::uint64_t>()) | mr::tap<"batch">([](mr::batch<std::uint64_t const>) {}, mr::in_batches) | mr::change<"last">(add{1}));
  check_all_runs<batches>();
}

TEST_CASE("up to eight stages every run is one body; beyond, their number grows with the stages, not with their square") {
  CHECK(count_bodies<decltype(chain<8>())>() == 36);
  CHECK(count_bodies<decltype(chain<16>())>() == 30);
  CHECK(count_bodies<decltype(chain<40>())>() == 75);
  CHECK(table<decltype(chain<8>())>::compose(0, 8).parts == 1);
  CHECK(table<decltype(chain<16>())>::compose(0, 16).parts == 2);
  using source = decltype(extend<0, 11>(mr::generate([]() -> std::optional<std::uint64_t> { return {}; })));
  CHECK(table<source>::compose(0, 12).parts == 1);  // a whole pipeline with its own source is one loop
}

TEST_CASE("a batch handler stands alone") {
  using p = decltype(extend<0, 2>(mr::from<std::uint64_t>()) | mr::tap<"batch">([](mr::batch<std::uint64_t const>) {}, mr::in_batches) | mr::change<"last">(add{1}));
  auto const list = table<p>::compose(0, 4);
  REQUIRE(list.parts == 3);
  CHECK(list.from[1] == 2);
  CHECK(list.from[2] == 3);
}
