// SPDX-License-Identifier: MIT
#include <millrace.hpp>
#include <millrace/async/asio.hpp>

#if __has_include(<asio/version.hpp>)
#include <stdexcept>
#include <thread>

#include <asio/awaitable.hpp>
#include <asio/bind_executor.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/use_future.hpp>

#include "support/catch.hpp"
#include "support/detached.hpp"

namespace mr = millrace;

namespace {

auto doubling() {
  return mr::from<int>(mr::many_producers, mr::replies) | mr::filter<"not seven">([](int n) { return n != 7; }) | mr::map<"double">([](int n) { return 2L * n; });
}

}  // namespace

TEST_CASE("asio: a callback is called by the context, not by the worker") {
  asio::io_context context;
  mr::runner run{doubling()};
  auto in = run.input();
  long got = 0;
  auto const here = std::this_thread::get_id();
  mr::async_submit(in, 21, asio::bind_executor(context, [&](mr::reply<long> r) { got = std::this_thread::get_id() == here ? *r : -1; }));
  context.run();  // there is work until the reply is there
  CHECK(got == 42);
}

#if defined(ASIO_HAS_CO_AWAIT)  // not with clang and libstdc++, says Asio 1.22
TEST_CASE("asio: awaitable, future, what was filtered and what was refused") {
  asio::io_context context;
  mr::runner run{doubling()};
  auto in = run.input();
  long sum = 0;
  auto how = mr::ending::pending, late = mr::ending::pending;
  auto const asks = [&]() -> asio::awaitable<void> {
    for (int i = 0; i < 100; ++i) {
      auto r = co_await mr::async_submit(in, [i](int& e) { e = i; }, asio::use_awaitable);
      if (r) sum += *r;
      else how = r.how();
    }
    static_cast<void>(run.finish());
    auto r = co_await mr::async_submit(in, 1, asio::use_awaitable);
    late = r.how();
  };
  asio::co_spawn(context, asks(), asio::detached);
  auto f = mr::async_submit(in, 4, asio::bind_executor(context, asio::use_future));
  context.run();
  CHECK(sum == 2 * (99 * 100 / 2 - 7));
  CHECK(how == mr::ending::filtered);
  CHECK(late == mr::ending::refused);
  CHECK(*f.get() == 8);
}
#endif

TEST_CASE("asio: coroutines of one's own are resumed by the context") {
  asio::io_context context;
  mr::asio_executor by{context.get_executor()};
  mr::runner run{doubling()};
  auto in = run.input();
  long sum = 0;
  auto work = asio::make_work_guard(context);
  int left = 4;
  auto const asks = [&]() -> support::detached {
    for (int i = 8; i < 500; ++i) {
      auto r = co_await in.on(by).async([i](int& e) { e = i; });
      sum += *r;
    }
    if (--left == 0) work.reset();
  };
  for (int i = 0; i < 4; ++i) asks();
  context.run();
  CHECK(sum == 4 * 2 * (499 * 500 / 2 - 28));
}
#endif
