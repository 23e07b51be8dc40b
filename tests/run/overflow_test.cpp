// SPDX-License-Identifier: MIT
// Rings whose producers are told at once that there is no room, or go on without the event.
#include <millrace/run/overflow.hpp>

#include <latch>
#include <string>
#include <type_traits>
#include <vector>

#include <millrace/dsl/sentence.hpp>
#include <millrace/run/any_input.hpp>
#include <millrace/run/runner.hpp>
#include <millrace/run/snapshot.hpp>

#include "support/catch.hpp"

namespace mr = millrace;
using namespace std::chrono_literals;
using mr::status;

namespace {

auto const two = [](long& v, std::size_t) { v = 2; };
auto const filled_in_vain = [](long&) { FAIL("filled though there is no room"); };

// Four events fit, of a runner that is paused. Then every form says `says`.
template <typename Run, typename In>
void full_in_every_form(Run& run, In& in, status says) {
  for (int i = 0; i < 4; ++i) REQUIRE(in.publish([](long& v) { v = 1; }) == status::ok);
  CHECK(in.publish(filled_in_vain) == says);
  CHECK(in.try_publish(filled_in_vain) == says);
  CHECK(in.publish_for(1h, filled_in_vain) == says);
  CHECK(in.publish(3, two) == says);
  CHECK(in.claim(2).what() == says);
  CHECK(in.publish_up_to(9, two).what == says);  // counts as one: what it asked for is for its caller to ask again
  CHECK(in.publish(5, two) == status::refused);  // and is not counted: it would never succeed
  auto const now = mr::snapshot(run);
  CHECK(now.events.refused == (says == status::would_block ? 9 : 0));
  CHECK(now.events.dropped == (says == status::dropped ? 9 : 0));
  CHECK(mr::text(now).find(says == status::dropped ? "9 dropped" : "9 refused") != std::string::npos);
  auto const r = run.finish();
  CHECK((r.published == 4 && r.done == 4 && r.left == 0));
  CHECK(r.refused == now.events.refused);
  CHECK(r.dropped == now.events.dropped);
  CHECK(in.publish(filled_in_vain) == status::closed);
}

}  // namespace

TEST_CASE("refuse: every form says would_block at once, and the events are counted") {
  SECTION("one producer") {
    mr::runner run{mr::from<long>(mr::on_full(mr::refuse)) | mr::tap<"see">([](long) {}), {.capacity = 4, .paused = true}};
    auto in = run.input();
    full_in_every_form(run, in, status::would_block);
  }
  SECTION("many") {
    mr::runner run{mr::from<long>(mr::many_producers, mr::on_full(mr::refuse)) | mr::tap<"see">([](long) {}), {.capacity = 4, .paused = true}};
    auto in = run.input();
    full_in_every_form(run, in, status::would_block);
  }
  SECTION("in lanes") {
    mr::runner run{mr::from<long>(mr::on_full(mr::refuse), mr::lane_per_producer(2)) | mr::tap<"see">([](long) {}), {.capacity = 4, .paused = true}};
    auto in = run.input();
    full_in_every_form(run, in, status::would_block);
  }
}

TEST_CASE("drop newest: every form says dropped at once, and the events are counted") {
  SECTION("one producer") {
    mr::runner run{mr::from<long>(mr::on_full(mr::drop_newest)) | mr::tap<"see">([](long) {}), {.capacity = 4, .paused = true}};
    auto in = run.input();
    full_in_every_form(run, in, status::dropped);
  }
  SECTION("many") {
    mr::runner run{mr::from<long>(mr::on_full(mr::drop_newest), mr::many_producers) | mr::tap<"see">([](long) {}), {.capacity = 4, .paused = true}};
    auto in = run.input();
    full_in_every_form(run, in, status::dropped);
  }
  SECTION("in lanes") {
    mr::runner run{mr::from<long>(mr::lane_per_producer(1), mr::on_full(mr::drop_newest)) | mr::tap<"see">([](long) {}), {.capacity = 4, .paused = true}};
    auto in = run.input();
    full_in_every_form(run, in, status::dropped);
  }
}

TEST_CASE("an any_input hands on what the policy says") {
  mr::runner run{mr::from<long>(mr::on_full(mr::drop_newest)) | mr::tap<"see">([](long) {}), {.capacity = 1, .paused = true}};
  mr::any_input<long> in{run.input()};
  CHECK(in.publish(1L) == status::ok);
  CHECK(in.publish(2L) == status::dropped);
  CHECK(run.finish().dropped == 1);
}

TEST_CASE("without a policy, and with the one that says so, the type of the sentence is the same: nothing is paid") {
  STATIC_REQUIRE(std::is_same_v<decltype(mr::from<long>()), decltype(mr::from<long>(mr::on_full(mr::wait_for_room)))>);
  STATIC_REQUIRE(std::is_empty_v<mr::overflow<long, mr::full_policy<mr::when_full::wait>, mr::std_platform>>);
}

TEST_CASE("the rates of an interval: what was turned away is subtracted too") {
  mr::runner run{mr::from<long>(mr::on_full(mr::refuse)) | mr::tap<"see">([](long) {}), {.capacity = 1, .paused = true}};
  auto in = run.input();
  REQUIRE(in.publish(1, two) == status::ok);
  static_cast<void>(in.publish(1, two));
  auto const before = mr::snapshot(run);
  static_cast<void>(in.publish(1, two));
  CHECK((mr::snapshot(run) - before).events.refused == 1);
}
