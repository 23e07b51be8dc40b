// SPDX-License-Identifier: MIT
// What is waited for costs no allocation, on any thread. Counted by the allocation of the whole executable.
#include <array>
#include <atomic>
#include <cstdlib>
#include <new>
#include <stop_token>
#include <string>

#include <millrace.hpp>
#include <millrace/async/senders.hpp>

#include "support/catch.hpp"
#include "support/detached.hpp"

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
#define CAN_COUNT 0
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define CAN_COUNT 0
#endif
#endif
#ifndef CAN_COUNT
#define CAN_COUNT 1
#endif

#if CAN_COUNT
namespace {
std::atomic<long> allocations{0};

[[gnu::noinline]] auto allocate(std::size_t n, std::size_t alignment) -> void* {
  allocations.fetch_add(1, std::memory_order::relaxed);
  void* p = nullptr;
  if (::posix_memalign(&p, alignment < sizeof(void*) ? sizeof(void*) : alignment, n == 0 ? 1 : n) != 0) throw std::bad_alloc{};
  return p;
}
[[gnu::noinline]] void give_back(void* p) noexcept { std::free(p); }
}  // namespace

auto operator new(std::size_t n) -> void* { return allocate(n, alignof(std::max_align_t)); }
auto operator new[](std::size_t n) -> void* { return allocate(n, alignof(std::max_align_t)); }
auto operator new(std::size_t n, std::align_val_t a) -> void* { return allocate(n, static_cast<std::size_t>(a)); }
auto operator new[](std::size_t n, std::align_val_t a) -> void* { return allocate(n, static_cast<std::size_t>(a)); }
void operator delete(void* p) noexcept { give_back(p); }
void operator delete[](void* p) noexcept { give_back(p); }
void operator delete(void* p, std::size_t) noexcept { give_back(p); }
void operator delete[](void* p, std::size_t) noexcept { give_back(p); }
void operator delete(void* p, std::align_val_t) noexcept { give_back(p); }
void operator delete[](void* p, std::align_val_t) noexcept { give_back(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { give_back(p); }
void operator delete[](void* p, std::size_t, std::align_val_t) noexcept { give_back(p); }

namespace mr = millrace;

namespace {

constexpr int warm_up = 1'000, n = 10'000;

auto squares() {
  return mr::from<int>(mr::many_producers, mr::replies) | mr::filter<"not negative">([](int v) { return v >= 0; }) | mr::map<"square">([](int v) { return long{v} * v; }) | mr::tap<"see">([](long) {});
}
/// How many allocations `f(i)` has made for i of 0 ... n - 1, on whatever thread, after it has been called often.
template <typename F>
auto counted(F f) -> long {
  for (int i = 0; i < warm_up; ++i) f(i);
  auto const before = allocations.load();
  for (int i = 0; i < n; ++i) f(i);
  return allocations.load() - before;
}

using support::detached;
template <typename Input, typename Executor>
auto asks(Input in, Executor& by, std::stop_token token, long& found, mr::loop& end) -> detached {
  for (int i = 0; i < warm_up; ++i) static_cast<void>(co_await in.on(by).async([&](int& e) { e = i; }));
  auto const before = allocations.load();
  for (int i = 0; i < n; ++i) {
    if (i % 2 == 0) static_cast<void>(co_await in.on(by).async([&](int& e) { e = i; }));
    else static_cast<void>(co_await in.on(by).async([&](int& e) { e = i; }, token));
    static_cast<void>(co_await in.on(by).room());
  }
  found = allocations.load() - before;
  end.stop();
}

}  // namespace

TEST_CASE("futures cost no allocation") {
  auto const plan = GENERATE(0, 1);
  mr::runner run{squares(), {.plan = plan == 0 ? mr::fused : mr::spread}};
  auto in = run.input();
  long sum = 0;
  SECTION("get") { CHECK(counted([&](int i) { sum += in.submit(i).get(); }) == 0); }
  SECTION("many at a time") {
    std::array<decltype(in.submit(0)), 16> f;
    CHECK(counted([&](int i) {
      auto& one = f[static_cast<std::size_t>(i % 16)];
      if (one.valid()) sum += one.get();
      one = in.submit(i);
    }) == 0);
  }
  SECTION("filtered, abandoned") {
    CHECK(counted([&](int i) {
      sum += in.submit(-i - 1).take().has_value();
      in.submit(i).abandon();
    }) == 0);
  }
  SECTION("then") {
    std::atomic<long> seen{0};
    CHECK(counted([&](int i) { in.submit(i).then([&seen](mr::reply<long> const&) { ++seen; }); }) == 0);
    CHECK(run.finish().ok());
    CHECK(seen == warm_up + n);
  }
}

TEST_CASE("a coroutine costs its frame, however often it waits") {
  mr::loop loop;
  mr::runner run{squares()};
  std::stop_source stop;
  long found = -1;
  asks(run.input(), loop, stop.get_token(), found, loop);
  loop.run();
  CHECK(found == 0);
}

#if __has_include(<stdexec/execution.hpp>)
TEST_CASE("a sender costs no allocation") {
  mr::runner run{squares()};
  auto in = run.input();
  long sum = 0;
  CHECK(counted([&](int i) { sum += std::get<0>(*stdexec::sync_wait(mr::as_sender(in, i))); }) == 0);
  CHECK(counted([&](int i) { sum += std::get<0>(*stdexec::sync_wait(stdexec::when_all(mr::as_sender(in, i), mr::as_sender(in, i)))); }) == 0);
}
#endif
#endif
