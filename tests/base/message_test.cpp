// SPDX-License-Identifier: MIT
#include <millrace/base/message.hpp>

#include <climits>
#include <string>

#include "support/catch.hpp"

TEST_CASE("a message is its pieces behind the library's name") {
  CHECK(millrace::message{"stage ", std::string_view{"decode"}, " of ", 12ul}.text() ==
        std::string{"millrace: stage decode of 12"});
  CHECK(millrace::message{}.text() == std::string{"millrace: "});
  CHECK(millrace::message{ULLONG_MAX}.text() == std::string{"millrace: 18446744073709551615"});
}

TEST_CASE("a long message is cut, and ends") {
  std::string const piece(150, 'x');
  std::string const text = millrace::message{std::string_view{piece}, std::string_view{piece}}.text();
  CHECK(text == "millrace: " + std::string(189, 'x'));
}
