// SPDX-License-Identifier: MIT
#include <millrace/base/config.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <string>

#include "support/catch.hpp"

TEST_CASE("a broken invariant is named with its place, and aborts") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  auto const child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    std::signal(SIGABRT, SIG_DFL);
    ::dup2(ends[1], STDERR_FILENO);
    millrace::assertion_failed("one == two", "ring.hpp", 42);
  }
  ::close(ends[1]);
  std::string said;
  char part[256];
  for (::ssize_t n; (n = ::read(ends[0], part, sizeof part)) > 0;) said.append(part, static_cast<std::size_t>(n));
  ::close(ends[0]);
  int how = 0;
  REQUIRE(::waitpid(child, &how, 0) == child);
  CHECK(said == "millrace: ring.hpp:42: broken invariant: one == two\n");
  CHECK(WIFSIGNALED(how));
  CHECK(WTERMSIG(how) == SIGABRT);
}

TEST_CASE("a true invariant says nothing, and is not looked at without assertions") {
  int looks = 0;
  MILLRACE_ASSERT(++looks == 1);
#ifdef NDEBUG
  CHECK(looks == 0);
#else
  CHECK(looks == 1);
#endif
}
