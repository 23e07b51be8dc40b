// SPDX-License-Identifier: MIT
// The small synchronised parts, each by the promise in its header.
#include <millrace/sync/flag_set.hpp>
#include <millrace/sync/lent.hpp>

#include "model/scenarios/kit.hpp"

namespace millrace::model {

namespace {

void flags() {
  flag_set<P> flags;
  P::cell<int> done[2];
  name(flags, "flags");
  name(done, "done");
  auto const raiser = [&](std::size_t i) {
    done[i].write() = 1;
    if (flags.raise(i) == 3) check(done[0].read() + done[1].read() == 2, "the last to raise sees what the others did");
  };
  P::thread a{raiser, std::size_t{0}}, b{raiser, std::size_t{1}};
  P::thread looker{[&] {
    while (flags.raised() != 3) P::yield();
    check(done[0].read() + done[1].read() == 2, "who sees all flags sees all that was done");
  }};
  a.join();
  b.join();
  looker.join();
}
enlist const here_flags{"parts.flags", "who sees all flags sees what was done before each", flags};

void lending() {
  lent<P> one;
  P::cell<int> uses{0};
  name(one, "lent");
  name(uses, "uses");
  auto const user = [&] {
    for (int i = 0; i < 2; ++i) {
      while (!one.lend()) P::yield();
      ++uses.write();
      one.give_back();
    }
  };
  P::thread a{user}, b{user};
  a.join();
  b.join();
  check(uses.read() == 4, "no use is lost");
}
enlist const here_lent{"parts.lent", "one user at a time, who sees what the last one did", lending};

// A plan, or the life of a runner: written under a mutex, announced by a version, the sleepers alerted.
void versions() {
  cursor<P, site::version_publish, site::version_read> version;
  P::cell<int> plan{0};
  event_count<P> sleep;
  name(version, "version");
  name(plan, "plan");
  P::thread controller{[&] {
    this_is("controller");
    plan.write() = 42;
    version.publish(version.own() + 1);
    sleep.alert();
  }};
  P::thread worker{[&] {
    this_is("worker");
    while (version.published() == 0) {
      auto const key = sleep.prepare();
      if (version.published() != 0) break;
      sleep.wait(key);
    }
    check(plan.read() == 42, "who sees the version sees the plan");
  }};
  controller.join();
  worker.join();
}
enlist const here_versions{"parts.version", "who sees a version sees what it announces", versions};

}  // namespace

}  // namespace millrace::model
