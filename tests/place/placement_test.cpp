// SPDX-License-Identifier: MIT
#include <millrace/place/placement.hpp>

#include <string>
#include <vector>

#include "place/machines.hpp"
#include "support/catch.hpp"

using namespace millrace;

namespace {
auto const large = [] { return topology::synthetic(places::two_sockets_numbered); };
}

TEST_CASE("each worker has a processor chosen for it, near the one before") {
  CHECK(choose_cpus(large(), 6, {}) == places::every(0, 6));
  CHECK(choose_cpus(large(), 0, {}).empty());
}

TEST_CASE("workers beyond the chosen processors are not pinned") {
  auto const t = topology::synthetic("core:2 pu:1");
  CHECK(choose_cpus(t, 2, {}) == std::vector{0, 1});
  CHECK(choose_cpus(t, 4, {}) == std::vector{0, 1, unpinned, unpinned});
}

TEST_CASE("processors given are used in the order given, however far apart") {
  CHECK(choose_cpus(large(), 3, {.cpus = {127, 0, 64}}) == std::vector{127, 0, 64});
  CHECK(choose_cpus(large(), 2, {.cpus = {127, 0, 64}}) == std::vector{127, 0});
}

TEST_CASE("workers beyond the processors given stay on these") {
  CHECK(choose_cpus(large(), 5, {.cpus = {9, 7}}) == std::vector{9, 7, 9, 7, 9});
}

TEST_CASE("who is not to be pinned is not") {
  CHECK(choose_cpus(large(), 3, {.pin = false}) == std::vector{unpinned, unpinned, unpinned});
  CHECK(choose_cpus(large(), 2, {.cpus = {1}, .pin = false}) == std::vector{unpinned, unpinned});
}

TEST_CASE("on a machine of which nothing is known nobody is pinned") {
  CHECK(choose_cpus(topology{}, 2, {}) == std::vector{unpinned, unpinned});
  CHECK_THROWS_AS(choose_cpus(topology{}, 2, {.cpus = {0}}), bad_place);
}

TEST_CASE("a processor that may not be used is an error that names it and those that may") {
  auto const t = topology::synthetic(places::two_sockets, {0, 1, 2, 8, 126, 127});
  CHECK_THROWS_AS(choose_cpus(t, 1, {.cpus = {3}}), bad_place);
  CHECK_THROWS_AS(choose_cpus(t, 1, {.cpus = {0, 3}}), bad_place);  // also if no worker would use it
  CHECK_THROWS_AS(choose_cpus(t, 1, {.cpus = {3}, .pin = false}), bad_place);
  CHECK_THROWS_AS(choose_cpus(t, 1, {.cpus = {-1}}), bad_place);
  try {
    static_cast<void>(choose_cpus(t, 2, {.cpus = {1, 3}}));
    FAIL("no error");
  } catch (error const& e) {
    CHECK(std::string{e.what()} == "millrace: processor 3 is not among those that may be used here: 0-2, 8, 126-127");
  }
}

TEST_CASE("processors are listed in ascending ranges, whatever their order in the machine") {
  CHECK(text(large().processors()) == "0-127");
  CHECK(text(topology::synthetic(places::flat, {5}).processors()) == "5");
  CHECK(text(std::vector<processor>{}) == "none");
}
