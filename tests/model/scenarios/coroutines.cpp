// SPDX-License-Identifier: MIT
// Coroutines that wait for a reply, or for room: who answers, who destroys them and who ends the pipeline, against each other. A loop of the
// program's own thread resumes them.
#include "model/scenarios/whole.hpp"
#include "support/task.hpp"

namespace millrace::model {

namespace {

using support::task;

struct found {
  int values = 0, others = 0;
};
/// Asks twice. The frame belongs to the owner's thread, and so does `what`: that nobody else runs it is what is checked.
template <typename Input>
auto asks(Input in, basic_loop<P>& by, std::int64_t first, found& what) -> task {
  for (auto n = first; n < first + 2; ++n) {
    auto r = co_await in.on(by).async([n](number& e) { e.n = n; });
    while (r.why() == status::would_block) {
      if (!co_await in.on(by).room()) break;
      r = co_await in.on(by).async([n](number& e) { e.n = n; });
    }
    check(!r || *r == n + 10, "its own value");
    ++(r ? what.values : what.others);
  }
}

void ended() {
  small_crew crew;
  somebody_is_late();
  basic_loop<P> loop{one_of(2) == 0 ? parks : looks};
  found a, b;
  auto const way = one_of(3);  // what ends it: a stop, finish, or its destructor
  auto const dropped = one_of(3);  // after how many pieces of work the first coroutine is destroyed; 2: never
  {
    runner run{from<number>(many_producers, replies_on<P>(1)) | map<"a">([](number const& e) { return e.n + 10; }), crew, with(1, one_of(2) == 0 ? fused : spread, parks_or_looks())};
    name_parts(run);
    auto one = asks(run.input(), loop, 0, a), other = asks(run.input(), loop, 5, b);
    P::thread ender{[&] {
      this_is("ender");
      if (way == 0) run.stop();
      if (way == 1) static_cast<void>(run.finish());
    }};
    this_is("owner");
    for (unsigned n = 0; n < dropped && dropped != 2; ++n) static_cast<void>(loop.run_one());
    if (dropped != 2) one.drop();
    loop.run_until([&] { return one.done() && other.done(); });
    ender.join();
    check(dropped != 2 || a.values + a.others == 2, "told of both");
    check(b.values + b.others == 2, "told of both, whatever becomes of the other one");
    check(way != 2 || b.values == 2, "nobody stopped it");
  }
  check(!loop.run_one(), "nothing is left of who is gone");
}
enlist const here_ended{"coroutines.ended", "coroutines ask, wait for room, are destroyed while a runner is stopped, finishes or only works", ended};

// One is suspended and destroyed while the worker answers; the place of its frame is used again.
void dropped() {
  small_crew crew{1};
  basic_loop<P> loop{looks};
  found what, after;
  runner run{from<number>(many_producers, replies_on<P>(1)) | map<"a">([](number const& e) { return e.n + 10; }), crew, with(2, fused, parks_or_looks())};
  name_parts(run);
  this_is("owner");
  {
    auto one = asks(run.input(), loop, 0, what);
    if (one_of(2) == 0) static_cast<void>(loop.run_one());
  }
  check(what.others == 0, "there was room");
  auto const told = what.values;
  auto other = asks(run.input(), loop, 5, after);
  loop.run_until([&] { return other.done(); });
  check(what.values == told, "who is gone is told nothing");
  check(after.values == 2, "its own values");
}
enlist const here_dropped{"coroutines.dropped", "a coroutine is destroyed while it is answered, and another one takes its place", dropped};

}  // namespace

}  // namespace millrace::model
