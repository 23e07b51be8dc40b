// SPDX-License-Identifier: MIT
#include <millrace/dsl/whole.hpp>

#include <memory>
#include <utility>

#include <millrace/dsl/sentence.hpp>

#include "support/catch.hpp"

namespace mr = millrace;

namespace {
auto look = [](int const&) {};
using bare = decltype(mr::from<int>());
using complete = decltype(mr::from<int>() | mr::tap<"a">(look));
}  // namespace

static_assert(mr::is_whole<complete>);
static_assert(!mr::is_whole<bare>);
static_assert(!mr::is_whole<decltype(mr::tap<"a">(look))>);
static_assert(!mr::is_whole<mr::refused>);

TEST_CASE("a whole sentence is handed on, copied or moved") {
  auto p = mr::from<int>() | mr::tap<"a">([n = std::make_unique<int>(5)](int const& i) { return *n + i; });
  auto q = mr::whole(std::move(p));
  STATIC_REQUIRE(std::is_same_v<decltype(q), decltype(p)>);
  CHECK(get<0>(q.nodes).f(1) == 6);

  auto const r = mr::from<int>() | mr::tap<"a">(look);
  STATIC_REQUIRE(std::is_same_v<decltype(mr::whole(r)), std::remove_const_t<decltype(r)>>);
  STATIC_REQUIRE(std::is_same_v<decltype(mr::whole(mr::refused{})), mr::refused>);
}
