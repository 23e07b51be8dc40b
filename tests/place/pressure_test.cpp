// SPDX-License-Identifier: MIT
#include <millrace/place/pressure.hpp>

#include <thread>

#include "support/catch.hpp"

TEST_CASE("a thread's wait for its processor is known, or said to be unknown") {
  auto const here = millrace::number_of_this_thread();
  auto const first = millrace::run_queue_wait(here);
  CHECK(first >= -1);
  if (first >= 0) CHECK(millrace::run_queue_wait(here) >= first);  // it only grows
  CHECK(millrace::run_queue_wait(-5) == -1);                       // nobody's
  std::int64_t other = here;
  std::thread{[&] { other = millrace::number_of_this_thread(); }}.join();
#if defined(__linux__)
  CHECK(other != here);
#endif
}

TEST_CASE("quotas are in processors") {
  CHECK(millrace::cpu_quota() >= 0);
  auto const left = millrace::cpus_of_group();
  CHECK(left >= 0);
  CHECK(left == static_cast<int>(left));
  CHECK((left == 0 || left >= 1));
}
