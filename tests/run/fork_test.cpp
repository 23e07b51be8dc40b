// SPDX-License-Identifier: MIT
// What a child process inherits of a runner says so, instead of waiting for threads that stayed in the parent.
#include <millrace/sync/fork.hpp>

#include <sys/wait.h>
#include <unistd.h>
#include <optional>

#include <millrace/dsl/sentence.hpp>
#include <millrace/run/runner.hpp>

#include "support/catch.hpp"

namespace mr = millrace;

namespace {

/// What `body()` says in a child process.
template <typename Body>
auto in_a_child(Body body) -> int {
  auto const child = ::fork();
  if (child == 0) {
    ::alarm(60);  // a child that hangs is ended, and its parent told
    ::_exit(body());
  }
  int how = 0;
  REQUIRE(::waitpid(child, &how, 0) == child);
  return WIFEXITED(how) ? WEXITSTATUS(how) : 1000 + how;
}
template <typename Call>
auto refuses(Call call) -> bool {
  try {
    call();
    return false;
  } catch (mr::bad_call const&) {
    return true;
  }
}

}  // namespace

TEST_CASE("a child of fork has a runner without workers, and every member says so") {
  auto const own = GENERATE(false, true);
  std::optional<mr::workers> crew{std::in_place, mr::workers_options{.max = 1, .place = {.pin = false}, .own_threads = own}};
  auto pipeline = mr::from<int>() | mr::tap<"a">([](int) {});
  using runner = mr::runner<decltype(pipeline)>;
  std::optional<runner> run{std::in_place, std::move(pipeline), *crew, mr::runner_options{.capacity = 4}};
  std::optional<decltype(run->input())> in{run->input()};
  REQUIRE(in->publish([](int& v) { v = 1; }) == mr::status::ok);
  REQUIRE(run->flush() == mr::status::ok);
  CHECK(in_a_child([&] {
          if (!refuses([&] { run->start(); })) return 1;
          if (!refuses([&] { run->finish(); })) return 2;
          if (!refuses([&] { run->finish_within(std::chrono::hours{1}); })) return 3;
          if (!refuses([&] { static_cast<void>(run->flush()); })) return 4;
          if (!refuses([&] { static_cast<void>(run->flush_within(std::chrono::hours{1})); })) return 5;
          if (!refuses([&] { run->stop(); })) return 6;
          if (!refuses([&] { run->apply(mr::spread); })) return 7;
          if (!refuses([&] { run->work_some(); })) return 8;
          if (!refuses([&] { static_cast<void>(run->input()); })) return 9;
          for (int i = 0; i < 4; ++i)
            if (in->try_publish([](int& v) { v = 1; }) != mr::status::ok) return 10;
          if (!refuses([&] { static_cast<void>(in->publish([](int& v) { v = 1; })); })) return 11;  // nobody makes room
          in.reset();
          run.reset();  // waits for nobody
          crew.reset();
          return 0;
        }) == 0);
  CHECK(in->publish([](int& v) { v = 1; }) == mr::status::ok);  // the parent has noticed nothing
  CHECK(run->finish().done == 2);
}

TEST_CASE("a child of fork may have runners of its own") {
  mr::workers crew{{.max = 1, .place = {.pin = false}}};
  mr::runner run{mr::from<int>() | mr::tap<"a">([](int) {}), crew};
  CHECK(in_a_child([&] {
          mr::workers mine{{.own_threads = true}};
          mr::runner other{mr::from<int>() | mr::tap<"a">([](int) {}), mine};
          auto in = other.input();
          if (in.publish([](int& v) { v = 1; }) != mr::status::ok) return 1;
          return other.finish().done == 1 ? 0 : 2;
        }) == 0);
  CHECK(run.finish().ok());
}
