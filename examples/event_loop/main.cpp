// SPDX-License-Identifier: MIT
// A program with a loop of its own, as servers and games have. Either the loop runs the pipeline, turn by turn, and there is no other
// thread; or the pipeline has a worker, and epoll wakes the loop when there are results. Returns 0 if all of them came, both ways.
#include <cstdio>
#include <thread>
#include <sys/epoll.h>
#include <unistd.h>

#include <millrace.hpp>
namespace mr = millrace;

constexpr long events = 100'000, right = events * (events - 1);
auto twice(long n) -> long { return 2 * n; }

// [turns]
auto by_turns() -> long {
  long sum = 0;
  mr::workers crew{{.max = 1, .own_threads = true}};  // starts no thread: handlers run in this loop
  mr::runner run{mr::from<long>() | mr::map<"twice">(twice) | mr::tap<"sum">([&](long n) { sum += n; }), crew};
  auto in = run.input();
  for (long n = 0; n < events;) {
    while (n < events && in.try_publish([&](long& e) { e = n; }) == mr::status::ok) ++n;  // never wait for room: nobody else makes it
    run.work_some();                                                                      // a turn of a few batches at most
    // sockets, a frame, ...
  }
  run.finish().rethrow();  // does here what is left
  return sum;
}
// [/turns]

// [epoll]
auto by_epoll() -> long {
  long sum = 0;
  mr::runner run{mr::from<long>() | mr::map<"twice">(twice)};  // on a worker of its own
  auto results = run.reader<"twice">(mr::now);                 // they wait for the loop in the ring; none is lost
  int const poll = epoll_create1(EPOLL_CLOEXEC);
  epoll_event to_read{.events = EPOLLIN, .data = {.fd = results.fd()}};
  if (poll < 0 || epoll_ctl(poll, EPOLL_CTL_ADD, results.fd(), &to_read) != 0) return -1;  // beside sockets and timers

  std::thread feed{[&run, in = run.input()]() mutable {
    for (long n = 0; n < events; ++n)
      if (in.publish([&](long& e) { e = n; }) != mr::status::ok) break;
    run.finish();  // then the reader says `closed` when it has given everything
  }};
  for (auto got = mr::status::ok; got != mr::status::closed;) {
    epoll_event ready{};
    if (epoll_wait(poll, &ready, 1, -1) != 1) continue;  // a signal
    while ((got = results.poll([&](long n) { sum += n; }).what) == mr::status::ok) {}  // woken once: read until nothing is left
  }
  feed.join();
  close(poll);
  return sum;
}
// [/epoll]

int main() {
  long const turns = by_turns(), woken = by_epoll();
  std::printf("by turns %ld, woken by epoll %ld, right is %ld\n", turns, woken, right);
  return turns == right && woken == right ? 0 : 1;
}
