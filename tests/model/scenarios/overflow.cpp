// SPDX-License-Identifier: MIT
// Events that wait beside a full ring: the producer and the worker that lets them in, a producer that goes quiet, the end.
#include "model/scenarios/whole.hpp"

namespace millrace::model {

namespace {

/// Watched for races where it stands, in the ring and beside it.
struct watched {
  P::cell<std::int64_t> n{-1};
  watched() = default;
  watched(watched&& other) noexcept { n.write() = other.n.read(); }
  auto operator=(watched&& other) noexcept -> watched& { return n.write() = other.n.read(), *this; }
  ~watched() = default;
};

/// Numbers that grow, those of each key, and some are missing.
struct growing {
  std::int64_t keys;
  std::array<P::cell<std::int64_t>, 2> last{};
  std::int64_t count = 0, seen = -1;  // the highest; for who is no stage: not watched
  explicit growing(std::int64_t k) : keys{k} { last[0].write() = last[1].write() = -1; }
  void operator()(watched const& e) {
    auto const n = e.n.read();
    auto& l = last[static_cast<std::size_t>(n % keys)];
    check(n > l.read(), "in order, each once");
    l.write() = n;
    if (n > seen) seen = n;
    ++count;
  }
};

auto key_of(watched const& e) -> std::int64_t { return e.n.read() % 2; }

template <typename In>
void produce(In& in, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) check(in.publish([&](watched& e) { e.n.write() = i; }) == status::ok, "nobody is turned away");
}

// The producer goes quiet; nobody calls flush or finish. What waits must get through.
template <typename Policy>
void goes_quiet(Policy policy, std::int64_t keys) {
  growing a{keys}, b{keys};
  small_crew crew;
  somebody_is_late();
  constexpr std::int64_t n = 4;
  runner run{from<watched>(on_full(std::move(policy), 1 + one_of(2))) | tap<"a">([&a](watched const& e) { a(e); }) | tap<"b">([&b](watched const& e) { b(e); }), crew,
             with(1, one_of(2) == 0 ? fused : spread, parks)};
  name_parts(run);
  auto in = run.input();
  produce(in, n);
  world.wait_for_quiet();
  check(b.seen == n - 1, "the newest event does not stay beside the ring");
  if (one_of(2) == 1) check(in.publish([&](watched& e) { e.n.write() = n; }) == status::ok && run.flush() == status::ok && b.seen == n, "flush waits for what waits");
  auto const r = run.finish();
  check(r.ok() && r.done == b.count && r.done + r.dropped + r.conflated == b.seen + 1, "all is done, dropped or replaced");
}
void quiet_dropping() { goes_quiet(drop_oldest, 1); }
void quiet_conflating() { goes_quiet(conflate_by(key_of), 2); }
enlist const here_quiet{"overflow.drop_oldest", "events wait beside the ring, then the producer goes quiet", quiet_dropping};
enlist const here_conflating{"overflow.conflate", "the same with keys", quiet_conflating};

// Who ends it is another thread, while the producer publishes and the plan changes.
void ends() {
  growing a{1};
  small_crew crew;
  somebody_is_late();
  bool const stops = one_of(2) == 1;
  runner run{from<watched>(on_full(drop_oldest, 1)) | tap<"a">([&a](watched const& e) { a(e); }), crew, with(1, fused, parks_or_looks())};
  name_parts(run);
  std::int64_t accepted = 0;
  P::thread producer{[&] {
    this_is("producer");
    auto in = run.input();
    while (accepted < 3 && in.publish([&](watched& e) { e.n.write() = accepted; }) == status::ok) ++accepted;
  }};
  if (one_of(2) == 1) check(run.apply(any_plan_for(run)) != status::refused, "plans change meanwhile");
  if (stops) run.stop();
  auto const r = run.finish();
  producer.join();
  check(r.published + r.dropped == accepted, "what was accepted is counted");
  check(r.done == a.count && r.done + r.left == r.published && (stops || r.left == 0), "and done, or left");
  check(stops || accepted == 0 || a.seen == accepted - 1, "the last one is never dropped");
}
enlist const here_ends{"overflow.ends", "finish or stop while events wait beside the ring and come", ends};

}  // namespace

}  // namespace millrace::model
