// SPDX-License-Identifier: MIT
#include <millrace/dsl/known.hpp>

#include <millrace/dsl/sentence.hpp>

#include "support/catch.hpp"

namespace mr = millrace;

namespace {
[[maybe_unused]] auto sentence() {
  return mr::from<int>() | mr::map<"a">([](int const& i) { return long{i}; }) | mr::filter<"b">([](long const&) { return true; }) | mr::tap<"c">([](long const&) {}) |
         mr::map<"d">([](long const&) { return 'd'; });
}
template <typename P>
struct known_of;
template <typename S, typename T, typename... N>
struct known_of<mr::pipeline<S, T, N...>> : std::type_identity<mr::known<T, N...>> {};
using known = known_of<decltype(sentence())>::type;
using nobody = known_of<decltype(mr::from<int>())>::type;
using mr::name_problem;
}  // namespace

TEST_CASE("a name is known if a map before has it, or if it is the event's") {
  STATIC_REQUIRE(known::problem("event") == name_problem::none);
  STATIC_REQUIRE(known::problem("a") == name_problem::none);
  STATIC_REQUIRE(known::problem("d") == name_problem::none);
  STATIC_REQUIRE(known::problem("b") == name_problem::no_result);
  STATIC_REQUIRE(known::problem("c") == name_problem::no_result);
  STATIC_REQUIRE(known::problem("e") == name_problem::unknown);
  STATIC_REQUIRE(known::problem("") == name_problem::unknown);
  STATIC_REQUIRE(nobody::problem("event") == name_problem::none);
  STATIC_REQUIRE(nobody::problem("a") == name_problem::unknown);
}

TEST_CASE("names become values in the order in which they are named") {
  STATIC_REQUIRE(std::is_same_v<known::inputs<mr::takes_option<"d", "event", "a">>::type, mr::values<mr::value<3, char>, mr::value<-1, int>, mr::value<0, long>>>);
  STATIC_REQUIRE(std::is_same_v<known::inputs<mr::takes_option<>>::type, mr::values<mr::value<3, char>>>);
}

TEST_CASE("to take a result is to wait for its stage, to take the event is not") {
  STATIC_REQUIRE(known::waits(mr::takes<"d", "event", "a">) == 0b1001);
  STATIC_REQUIRE(known::waits(mr::takes<"event">) == 0);
  STATIC_REQUIRE(known::waits(mr::takes_option<>{}) == 0);
}

TEST_CASE("waiting for a stage is waiting for all before it") {
  STATIC_REQUIRE(known::closure(0) == 0);
  STATIC_REQUIRE(known::closure(0b0001) == 0b0001);
  STATIC_REQUIRE(known::closure(0b0100) == 0b0111);
  STATIC_REQUIRE(known::closure(0b1001) == 0b1111);
}

TEST_CASE("the filters before a result are those its stage needs") {
  STATIC_REQUIRE(known::passed(0) == 0);
  STATIC_REQUIRE(known::passed(1) == 0b10);
  STATIC_REQUIRE(known::passed(3) == 0b10);
}

TEST_CASE("values are bits: the event first, then the results") {
  STATIC_REQUIRE(mr::bits_of(mr::values<>{}) == 0);
  STATIC_REQUIRE(mr::bits_of(mr::values<mr::value<-1, int>>{}) == 0b1);
  STATIC_REQUIRE(mr::bits_of(mr::values<mr::value<3, int>, mr::value<0, int>>{}) == 0b10010);
  STATIC_REQUIRE(mr::bits_of(mr::values<mr::value<60, int>>{}) == std::uint64_t{1} << 61);
}
