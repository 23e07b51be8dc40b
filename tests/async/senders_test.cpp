// SPDX-License-Identifier: MIT
#include <millrace.hpp>
#include <millrace/async/senders.hpp>

#if __has_include(<stdexec/execution.hpp>)
#include <stdexcept>
#include <tuple>

#include "support/catch.hpp"

namespace mr = millrace;
namespace ex = stdexec;

namespace {

auto doubling() {
  return mr::from<int>(mr::many_producers, mr::replies) | mr::filter<"not seven">([](int n) { return n != 7; }) | mr::map<"double">([](int n) { return n == 13 ? throw std::runtime_error{"thirteen"} : 2L * n; }, mr::on_error(mr::skip));
}
auto with(int n) {
  return [n](int& e) { e = n; };
}

}  // namespace

TEST_CASE("senders: the value, an error, stopped") {
  mr::runner run{doubling()};
  auto in = run.input();
  CHECK(ex::sync_wait(mr::as_sender(in, with(4)) | ex::then([](long v) { return v + 1; })) == std::tuple{9L});
  CHECK(ex::sync_wait(ex::when_all(mr::as_sender(in, with(1)), mr::as_sender(in, with(2)))) == std::tuple{2L, 4L});
  CHECK_THROWS_WITH(ex::sync_wait(mr::as_sender(in, with(13))), "thirteen");
  CHECK_THROWS_AS(ex::sync_wait(mr::as_sender(in, with(7))), mr::no_reply);
  CHECK_THROWS_AS(ex::sync_wait(ex::when_all(mr::as_sender(in, with(1)), mr::as_sender(in, with(13)))), std::runtime_error);
  CHECK(run.finish().ok());
  CHECK_THROWS_AS(ex::sync_wait(mr::as_sender(in, with(1))), mr::no_reply);
}
#endif
