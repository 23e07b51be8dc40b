// SPDX-License-Identifier: MIT
#include <millrace/place/thread_name.hpp>

#include <pthread.h>

#include <string>
#include <thread>

#include "support/catch.hpp"

namespace {
auto shown(std::string_view name) -> std::string {
  char read[64] = {};
  std::thread{[&] {
    millrace::name_this_thread(name);
    pthread_getname_np(pthread_self(), read, sizeof read);
  }}.join();
  return read;
}
}  // namespace

TEST_CASE("a thread is shown under its name") {
  CHECK(shown("millrace 3") == "millrace 3");
  CHECK(shown(std::string_view{"millrace 31"}.substr(0, 10)) == "millrace 3");
  CHECK(shown("") == "");
}

TEST_CASE("of a long name the start is shown") {
  CHECK(shown("exactly fifteen") == "exactly fifteen");
  CHECK(shown("a name that is too long") == "a name that is ");
}
