// SPDX-License-Identifier: MIT
#include <millrace/dsl/from.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "support/catch.hpp"

namespace mr = millrace;

namespace {
struct without_default {
  explicit without_default(int v) : value{v} {}
  int value;
};
struct alignas(256) wide {
  char bytes[256];
};
struct pinned {
  pinned() = default;
  pinned(pinned const&) = delete;
  auto operator=(pinned const&) -> pinned& = delete;
};

template <typename T>
class maybe {  // looks like an optional
 public:
  using value_type = T;
  explicit maybe(T v) : value_{v} {}
  explicit operator bool() const { return true; }
  auto operator*() -> T& { return value_; }

 private:
  T value_;
};

auto next_number() -> std::optional<int> { return 5; }
struct counter {
  int left = 2;
  auto operator()() -> std::optional<int> { return left == 0 ? std::nullopt : std::optional{left--}; }
};
template <typename F>
using event_of = typename decltype(mr::generate(std::declval<F>()))::event;
}  // namespace

static_assert(mr::event_type<int>);
static_assert(mr::event_type<std::unique_ptr<int>>);
static_assert(mr::event_type<without_default>);
static_assert(mr::event_type<wide>);
static_assert(mr::event_type<pinned>);
static_assert(mr::event_type<int*>);
static_assert(!mr::event_type<void>);
static_assert(!mr::event_type<int&>);
static_assert(!mr::event_type<int const>);
static_assert(!mr::event_type<int volatile>);
static_assert(!mr::event_type<int[4]>);
static_assert(!mr::event_type<int(int)>);

static_assert(mr::optional_like<std::optional<int>>);
static_assert(mr::optional_like<maybe<std::string>>);
static_assert(!mr::optional_like<int*>);
static_assert(!mr::optional_like<int>);
static_assert(!mr::optional_like<void>);
static_assert(!mr::optional_like<std::string>);

TEST_CASE("from names the event, and has no source of its own") {
  using P = decltype(mr::from<std::unique_ptr<int>>());
  STATIC_REQUIRE(std::is_same_v<P::event, std::unique_ptr<int>>);
  STATIC_REQUIRE(!P::source_type::own);
  STATIC_REQUIRE(P::size == 0);
  STATIC_REQUIRE(P::tip::after == 0);
  STATIC_REQUIRE(P::tip::filters == 0);
  STATIC_REQUIRE(std::is_same_v<decltype(mr::from<pinned>())::event, pinned>);
  STATIC_REQUIRE(std::is_same_v<decltype(mr::from<wide>())::event, wide>);
}

TEST_CASE("generate takes the event from what the generator returns") {
  STATIC_REQUIRE(std::is_same_v<event_of<counter>, int>);
  STATIC_REQUIRE(std::is_same_v<event_of<decltype(&next_number)>, int>);
  STATIC_REQUIRE(std::is_same_v<event_of<maybe<std::string> (*)()>, std::string>);
  STATIC_REQUIRE(std::is_same_v<event_of<std::optional<std::unique_ptr<int>> (*)()>, std::unique_ptr<int>>);
  STATIC_REQUIRE(std::is_same_v<event_of<std::optional<without_default> const& (*)()>, without_default>);
  STATIC_REQUIRE(decltype(mr::generate(counter{}))::source_type::own);
}

TEST_CASE("a generator is kept by value, with its state") {
  auto numbers = mr::generate(counter{1});
  CHECK(numbers.from.next() == 1);
  CHECK(numbers.from.next() == std::nullopt);

  counter mine;
  auto copied = mr::generate(mine);
  CHECK(copied.from.next() == 2);
  CHECK(mine.left == 2);

  auto function = mr::generate(next_number);
  CHECK(function.from.next() == 5);

  auto moved = mr::generate([n = std::make_unique<int>(7)]() -> std::optional<int> { return *n; });
  auto further = std::move(moved);
  CHECK(further.from.next() == 7);
}
