// SPDX-License-Identifier: MIT
#include <millrace/sync/sole_use.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <type_traits>

#include "support/catch.hpp"

using sole_use = millrace::sole_use<millrace::std_platform>;

TEST_CASE("one after the other may be inside") {
  sole_use s;
  for (int i = 0; i < 3; ++i) s.enter(), s.leave();
  SUCCEED();
}

TEST_CASE("a second one inside ends a program with assertions, and costs nothing without") {
#ifdef NDEBUG
  static_assert(std::is_empty_v<sole_use>);
  SUCCEED();
#else
  auto const child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    std::signal(SIGABRT, SIG_DFL);
    ::close(STDERR_FILENO);
    sole_use s;
    s.enter();
    s.enter();
    ::_exit(0);
  }
  int how = 0;
  REQUIRE(::waitpid(child, &how, 0) == child);
  CHECK(WIFSIGNALED(how));
#endif
}
