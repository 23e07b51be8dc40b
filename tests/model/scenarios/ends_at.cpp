// SPDX-License-Identifier: MIT
// Each end of a runner at the moment that the schedule says: with `--scheduler moments` at every step, one after the other. All who wait
// sleep here: a worker that only looks has no last step.
#include <cstdint>
#include <memory>
#include <string>

#include "model/scenarios/whole.hpp"

namespace millrace::model {

namespace {

enum class way { flush, finish, within, stop, destroy };

/// What a pipeline of two stages sees. Stage b may freeze at an event, asleep, until it is released.
struct pair {
  witness a, b;
  std::int64_t freezes_at = -1;
  P::atomic<std::uint32_t> released{0};

  auto pipeline() {
    return from<number>() | change<"a">([this](number& e) { a.sees(e.n); }) | tap<"b">([this](number const& e) {
             witness::visit const inside{b_alone};
             while (e.n == freezes_at && released.load(std::memory_order::acquire) == 0) P::wait(released, 0);
             b.sees(e.n);
             check(a.passed > e.n, "upstream first");
           });
  }
  void release() {
    released.store(1, std::memory_order::release);
    P::wake_all(released);
  }

 private:
  witness b_alone;
};

template <typename Maker>
using run_of = runner<decltype(whole(std::declval<Maker&>().pipeline())), P>;

/// The runner while it is there, and what is known of it.
template <typename Runner>
struct subject {
  std::unique_ptr<Runner> run;
  std::int64_t published = 0;  // said to be taken
  P::atomic<std::int64_t> surely{0};  // the same, for who is to see the events too
  bool ends = false;           // somebody has begun to end it
  bool cut = false;            // and leaves what is not done
  bool in_time = false;
};

/// Publishes up to `n` events through a handle that may outlive the runner.
template <typename Runner, typename Input>
void produce(subject<Runner>& s, Input in, std::int64_t n) {
  while (s.published < n) {
    auto const told = in.publish([&](number& e) { e.n = s.published; });
    if (told != status::ok) {
      check(told == status::closed && s.ends, "it is closed by whoever ends it, and not before");
      check(in.publish([](number&) {}) == status::closed, "closed is for ever");
      return;
    }
    s.surely.store(++s.published, std::memory_order::release);
  }
}

/// At its moment. `b` has passed what it has.
template <way W, typename Runner>
void come_to_an_end(subject<Runner>& s, witness const& b) {
  world.wait_for_moment();
  if constexpr (W != way::flush) s.ends = true;
  if constexpr (W == way::stop || W == way::within || W == way::destroy) s.cut = true;
  auto const before = s.surely.load(std::memory_order::acquire);
  if constexpr (W == way::flush) {
    auto const told = s.run->flush();
    check(told == status::closed ? s.ends : told == status::ok && (s.cut || b.passed >= before), "what was published has passed");
  } else if constexpr (W == way::finish) {
    auto const r = s.run->finish();
    check(r.published >= before && r.done + r.left == r.published && (s.cut || r.ok()), "all is done that was published");
  } else if constexpr (W == way::within) {
    auto const r = s.run->finish_within(std::chrono::nanoseconds{one_of(3) * 2000});
    check(r.published >= before && (!r.stuck.empty() || r.done + r.left == r.published), "what was published is done or left");
    check(r.stopped || r.left == 0, "nothing is left that nobody gave up");
    s.in_time = !r.stopped;
  } else if constexpr (W == way::stop) {
    s.run->stop();
  } else {
    s.run.reset();
  }
}

/// When nobody else is there any more.
template <typename Runner>
void judge(subject<Runner>& s, witness const& a, witness const& b) {
  if (s.run != nullptr) {
    auto const r = s.run->finish();
    check(r.stuck.empty() && r.published == s.published && r.done == b.passed && r.done + r.left == r.published, "what was published is done or left");
    check(s.cut || r.ok(), "nothing is left that nobody gave up");
    check(!s.in_time || r.ok(), "what ended in time has left nothing");
  }
  check(a.inside.read() == 0 && b.inside.read() == 0 && a.passed >= b.passed, "nobody is inside any more");
}

/// A producer that waits for room most of the time. With `again`, two threads end it at one moment; with `too`, one finishes it meanwhile.
template <way W, bool Again = false, bool Too = false>
void blocked() {
  pair p;
  small_crew crew;
  subject<run_of<pair>> s;
  s.run.reset(new run_of<pair>{p.pipeline(), crew, with(1, one_of(2) == 0 ? spread : fused)});
  P::thread producer{[&, in = s.run->input()]() mutable {
    this_is("producer");
    produce(s, std::move(in), 3);
  }};
  P::thread other;
  if constexpr (Again) other = P::thread{[&] { come_to_an_end<W>(s, p.b); }};
  if constexpr (Too)
    other = P::thread{[&] {
      this_is("finisher");
      s.ends = true;
      auto const r = s.run->finish();
      check(r.done + r.left == r.published && (s.cut || r.ok()), "all is done that was published");
    }};
  come_to_an_end<W>(s, p.b);
  producer.join();
  if constexpr (Again || Too) other.join();
  judge(s, p.a, p.b);
}

/// Plans change one after the other; with the runner may not go who changes them.
template <way W>
void changing() {
  pair p;
  small_crew crew;
  subject<run_of<pair>> s;
  s.run.reset(new run_of<pair>{p.pipeline(), crew, with(2, fused)});
  auto const changes = [&] {
    for (unsigned const which : {1u, 3u, 2u})
      if (s.run->apply(plan_for(*s.run, which)) == status::closed) check(s.ends, "it is closed by whoever ends it");
  };
  P::thread producer{[&, in = s.run->input()]() mutable {
    this_is("producer");
    produce(s, std::move(in), 2);
  }};
  if constexpr (W == way::destroy) {
    static_cast<void>(s.run->apply(plan_for(*s.run, 1 + one_of(3))));
    come_to_an_end<W>(s, p.b);
  } else {
    P::thread ender{[&] {
      this_is("ender");
      come_to_an_end<W>(s, p.b);
    }};
    changes();
    ender.join();
  }
  producer.join();
  judge(s, p.a, p.b);
}

/// A handler does not come back, until all others sleep; or, of ends that do not wait for it, until they have come back.
template <way W>
void frozen() {
  pair p;
  p.freezes_at = 1;
  small_crew crew;
  subject<run_of<pair>> s;
  s.run.reset(new run_of<pair>{p.pipeline(), crew, with(2, one_of(2) == 0 ? spread : fused)});
  auto const first = (W == way::stop || W == way::within) && one_of(2) == 0;
  P::thread producer{[&, in = s.run->input()]() mutable {
    this_is("producer");
    produce(s, std::move(in), 3);
    if (first) return;
    world.wait_for_quiet();
    p.release();
  }};
  come_to_an_end<W>(s, p.b);
  if (first) p.release();
  producer.join();
  judge(s, p.a, p.b);
}

/// Before it starts, while it starts, and after.
template <way W>
void starting() {
  pair p;
  small_crew crew;
  subject<run_of<pair>> s;
  auto o = with(2, spread);
  o.paused = true;
  s.run.reset(new run_of<pair>{p.pipeline(), crew, o});
  auto in = s.run->input();
  if constexpr (W == way::destroy) {
    P::thread producer{[&]() mutable { produce(s, std::move(in), 2); }};
    if (one_of(2) == 0) s.run->start();
    come_to_an_end<W>(s, p.b);
    producer.join();
  } else {
    P::thread ender{[&] {
      this_is("ender");
      try {
        come_to_an_end<W>(s, p.b);
      } catch (bad_call const&) {
        check(W == way::flush, "only a flush would wait for ever");
      }
    }};
    produce(s, std::move(in), 2);
    s.run->start();
    ender.join();
  }
  judge(s, p.a, p.b);
}

/// Two producers, of which one leaves a tombstone.
template <way W>
void several() {
  struct counts {
    P::cell<std::int64_t> seen{0};
    auto pipeline() {
      return from<number>(many_producers) | change<"a">([](number& e) { ++e.n; }) | tap<"b">([this](number const& e) {
               check(e.n == 8, "what was filled");
               ++seen.write();
             });
    }
  } c;
  small_crew crew;
  subject<run_of<counts>> s;
  s.run.reset(new run_of<counts>{c.pipeline(), crew, with(2, one_of(2) == 0 ? spread : fused)});
  std::int64_t filled[2] = {};
  auto const produces = [&](std::size_t me, auto in) {
    for (int i = 0; i < 2; ++i) try {
        if (in.publish([&](number& e) {
              if (me == 1 && i == 0) throw 1;
              e.n = 7;
            }) != status::ok)
          return check(s.ends, "it is closed by whoever ends it, and not before");
        ++filled[me];
      } catch (int) {
      }
  };
  P::thread first{[&, in = s.run->input()] { produces(0, in); }};
  P::thread second{[&, in = s.run->input()] { produces(1, in); }};
  world.wait_for_moment();
  if constexpr (W != way::flush) s.ends = true;
  s.cut = W == way::stop || W == way::within || W == way::destroy;
  if constexpr (W == way::flush) check(s.run->flush() == status::ok, "it is open");
  else if constexpr (W == way::finish) check(s.run->finish().ok(), "all is done that was published");
  else if constexpr (W == way::within) static_cast<void>(s.run->finish_within(std::chrono::nanoseconds{one_of(3) * 2000}));
  else if constexpr (W == way::stop) s.run->stop();
  else s.run.reset();
  first.join();
  second.join();
  if (s.run == nullptr) return check(c.seen.read() <= filled[0] + filled[1], "none twice");
  auto const r = s.run->finish();
  check(r.published - r.tombstones == filled[0] + filled[1], "what was taken was published");
  check(r.done + r.left == r.published && c.seen.read() <= filled[0] + filled[1], "what was published is done or left");
  check(s.cut || (r.ok() && c.seen.read() == filled[0] + filled[1]), "nothing is left that nobody gave up");
}

/// A second ring of one slot, that is full most of the time.
template <way W>
void two_rings() {
  struct twice {
    witness a, b;
    struct both {
      std::int64_t from;
      struct iterator {
        std::int64_t n;
        auto operator*() const -> number { return {n}; }
        auto operator++() -> iterator& { return ++n, *this; }
        auto operator==(iterator const&) const -> bool = default;
      };
      auto begin() const -> iterator { return {from}; }
      auto end() const -> iterator { return {from + 2}; }
    };
    auto pipeline() {
      return from<number>() | expand<"a">([this](number const& e) { return a.sees(e.n), both{2 * e.n}; }, ring_of(1)) | tap<"b">([this](number const& e) { b.sees(e.n); });
    }
  } c;
  small_crew crew;
  subject<run_of<twice>> s;
  s.run.reset(new run_of<twice>{c.pipeline(), crew, with(1, one_of(2) == 0 ? spread : fused)});
  P::thread producer{[&, in = s.run->input()]() mutable {
    this_is("producer");
    produce(s, std::move(in), 2);
  }};
  world.wait_for_moment();
  if constexpr (W != way::flush) s.ends = true;
  s.cut = W == way::stop || W == way::within || W == way::destroy;
  auto const before = s.surely.load(std::memory_order::acquire);
  if constexpr (W == way::flush) check(s.run->flush() == status::ok && c.b.passed >= 2 * before, "all that was made of it has passed");
  else if constexpr (W == way::finish) check(s.run->finish().ok(), "all is done that was published");
  else if constexpr (W == way::within) static_cast<void>(s.run->finish_within(std::chrono::nanoseconds{one_of(3) * 2000}));
  else if constexpr (W == way::stop) s.run->stop();
  else s.run.reset();
  producer.join();
  if (s.run != nullptr) {
    auto const r = s.run->finish();
    check(r.published == s.published && (s.cut || r.ok()), "nothing is left that nobody gave up");
    check(!r.ok() || c.b.passed == 2 * s.published, "all that was made of it has passed");
  }
  check(c.b.passed <= 2 * c.a.passed, "nothing of nothing");
}

template <way W>
struct all_of {
  explicit all_of(char const* const (&names)[7]) {
    enlist{names[0], "at its moment, while a producer waits for room", blocked<W>};
    enlist{names[1], "the same, while plans change", changing<W>};
    enlist{names[2], "the same, while a handler does not come back", frozen<W>};
    enlist{names[3], "the same, around the start", starting<W>};
    enlist{names[4], "the same, with two producers and a tombstone", several<W>};
    enlist{names[5], "the same, with a second ring that is full", two_rings<W>};
    if constexpr (W != way::destroy) enlist{names[6], "the same, by two threads", blocked<W, true>};
  }
};
#define NAMES(way) {"ends_at." way ".blocked", "ends_at." way ".changing", "ends_at." way ".frozen", "ends_at." way ".starting", "ends_at." way ".several", "ends_at." way ".rings", "ends_at." way ".twice"}
all_of<way::flush> const flushes{NAMES("flush")};
all_of<way::finish> const finishes{NAMES("finish")};
all_of<way::within> const in_time{NAMES("within")};
all_of<way::stop> const stops{NAMES("stop")};
all_of<way::destroy> const goes{NAMES("destroy")};
#undef NAMES
enlist const flushed{"ends_at.flush.finish", "flush at its moment, while another finishes", blocked<way::flush, false, true>};
enlist const stopped{"ends_at.stop.finish", "stop at its moment, while another finishes", blocked<way::stop, false, true>};
enlist const late{"ends_at.within.finish", "finish_within at its moment, while another finishes", blocked<way::within, false, true>};

}  // namespace

}  // namespace millrace::model
