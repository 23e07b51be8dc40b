// SPDX-License-Identifier: MIT
#include <millrace/place/binding.hpp>

#include <set>

#include "support/catch.hpp"

using millrace::binding;
using millrace::text;

TEST_CASE("each outcome of binding has words of its own") {
  std::set<std::string_view> words;
  for (auto const b : {binding::done, binding::unneeded, binding::unknown_cpu, binding::another_machine, binding::unsupported,
                       binding::refused})
    words.insert(text(b));
  CHECK(words.size() == 6);
  CHECK(words.count("unknown") == 0);
  CHECK(text(binding::done) == "bound");
}
