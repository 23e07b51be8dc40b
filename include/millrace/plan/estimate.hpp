// SPDX-License-Identifier: MIT
// From samples to a model: what stages cost on their own, what cores give, what is asked for.
#pragma once
#include <algorithm>
#include <cstddef>
#include <vector>

#include <millrace/base/config.hpp>
#include <millrace/plan/cost_model.hpp>
#include <millrace/plan/history.hpp>
#include <millrace/plan/pace.hpp>
#include <millrace/plan/sample.hpp>

namespace millrace::scheduling {

/// Nanoseconds for each event that every stage is taken to cost: what is inlined may take less than one, and nothing is for nothing.
inline constexpr double least_work = 0.01;

/// A period, as the rules see it. Rates are the producer's events per nanosecond.
struct situation {
  double published = 0, blocked = 0;
  double through = 0;  // the rate that all stages reached
  double depth = 0, capacity = 1;
  double load = 0;     // what is asked for; unbounded if producers hardly get in
  double noise = 0;    // of the load, relative
};

/// The stages with what was learned of them.
[[nodiscard]] MILLRACE_COLD inline auto model_of(history const& h) -> stage_models {
  auto s = h.stages;
  for (std::size_t i = 0; i < s.size(); ++i) {
    auto const& l = h.learned[i];
    s[i].work = most(l.time.mean, least_work);
    s[i].selectivity = l.selectivity;
    s[i].crowding = l.crowding;
    if (s[i].dealt == dealing::serial || l.lane_events.size() != most_lanes) continue;
    double sum = 0, top = 0;
    for (double const e : l.lane_events) sum += e, top = most(top, e);
    if (sum <= 0 || top * most_lanes < 1.3 * sum + 5 * root(sum * most_lanes)) continue;  // even, or it may be chance
    s[i].lane_shares = l.lane_events;
    for (double& e : s[i].lane_shares) e /= sum;
  }
  return s;
}
/// The workers' cores, with what was learned of them.
[[nodiscard]] MILLRACE_COLD inline auto machine_of(history const& h) -> machine_model {
  auto m = h.machine;
  for (std::size_t w = 0; w < m.workers() && w < h.cores.size(); ++w) m.able[w] *= least(h.cores[w].able.mean, 1) / h.cores[w].pace;
  return m;
}

/// A core that others use counts for what it gives to who wants all of it. Who wants less than his share hardly stands in line: that says no
/// more than that he got what he wanted, and nobody hears of a core that nothing runs on. What was said against it before is believed for a
/// while, which grows if it was right to be. Says whether a core has turned out to be others' just now.
MILLRACE_COLD inline auto learn_cores(history& h, sample const& s) -> bool {
  auto const& t = h.asked.tuned;
  bool news = false;
  for (std::size_t w = 0; w < h.cores.size() && w < s.workers.size(); ++w) {
    auto& c = h.cores[w];
    auto const& k = s.workers[w];
    auto const all = k.ran ? k.busy_ns + k.waited_ns + k.runq_ns : 0;
    auto const gave = all > 0 ? most(1 - k.runq_ns / all, 0.02) : 0, ms = all * 1e-6;
    bool const doubted = c.able.mean < 0.85, wanted_all = k.waited_ns < 0.1 * all, alone = k.busy_ns > 0.1 * all && k.runq_ns < 0.02 * k.busy_ns;
    if (all > 0 && (wanted_all || alone || !doubted || gave < c.able.mean)) {
      c.able.add(gave, ms, ms / s.seconds * t.core_memory);
      if (c.able.mean >= 0.85) continue;
      news = news || !doubted;
      if (!doubted) c.doubt_for = s.at < c.doubted_until + 10 ? least(2 * c.doubt_for, t.longest_doubt) : t.doubt;
      c.doubted_until = s.at + c.doubt_for;
    } else if (c.able.mean < 0.95 && s.at > c.doubted_until) {
      c.able.restart(1, 20);
    } else if (k.busy_ns > c.able.mean * all) {
      c.able.add(k.busy_ns / all, ms, ms / s.seconds * t.core_memory);
    }
  }
  return news;
}

/// How many events go on, and how they are spread over lanes.
MILLRACE_COLD inline void learn_flow(history& h, sample const& s) {
  for (std::size_t i = 0; i < h.stages.size(); ++i) {
    auto& l = h.learned[i];
    auto const& x = s.stages[i];
    if (x.events > 0) {  // the mean of all events at first, then of about the latest thousand
      l.selectivity += most(x.events / (l.came + x.events), least(0.3, x.events / (x.events + 1000))) * (x.passed / x.events - l.selectivity);
      l.came += x.events;
    }
    if (x.lane_events.size() == most_lanes) {
      l.lane_events.resize(most_lanes, 0.0);
      for (std::size_t k = 0; k < most_lanes; ++k) l.lane_events[k] += x.lane_events[k] - 0.02 * l.lane_events[k];
    }
  }
}

/// By worker, its exact time over what the batches say that were timed stage by stage. 1 if they say too little.
[[nodiscard]] MILLRACE_COLD inline auto exact_to_timed(history const& h, sample const& s, stage_models const& model) -> std::vector<double> {
  std::vector<double> ratio(h.now.workers(), 1.0);
  for (std::size_t w = 0; w < ratio.size() && w < s.workers.size(); ++w) {
    double sum = 0;
    bool known = s.workers[w].busy_ns > 0.02e9 * s.seconds;
    for (std::size_t i = 0; i < model.size(); ++i) {
      auto const mask = h.now.lanes(w, i);
      if (mask == 0) continue;
      auto const& x = s.stages[i];
      known = known && x.timed_events > 0;
      if (known) sum += x.events * model[i].share(mask) * x.timed_ns / x.timed_events;
    }
    auto const& k = s.workers[w];
    auto const there = most(k.busy_ns + k.waited_ns, 1), most_off = 2 * (there + k.runq_ns) / there;  // while it stood in line the clock of its batches went on
    if (known && sum > 0) ratio[w] = within(k.busy_ns / sum, 1 / most_off, 2);
  }
  return ratio;
}

/// How long an event took at a stage, on one worker, without what the plan adds (hop, share, crowding). 0: not known.
struct stage_time {
  double bare = 0;
  double crowd = 1;  // times as long, by crowding that is known
};
/// Batches timed stage by stage give the proportions, the exact time of each worker the sum.
[[nodiscard]] MILLRACE_COLD inline auto times_of(history const& h, sample const& s, stage_models const& model) -> std::vector<stage_time> {
  auto const v = visits(model);
  auto const p = price(model, h.machine, h.now);
  auto const ratio = exact_to_timed(h, s, model);
  std::vector<stage_time> times(model.size());
  for (std::size_t i = 0; i < model.size(); ++i) {
    auto const& x = s.stages[i];
    if (!(x.timed_events > 0) || !(v[i] > 0)) continue;
    double scale = 0;
    for (std::size_t w = 0; w < ratio.size(); ++w)
      if (auto const mask = h.now.lanes(w, i); mask != 0) scale += ratio[w] * model[i].share(mask);
    auto const timed = x.timed_ns / x.timed_events * scale;
    auto& t = times[i];
    t.crowd = 1 + model[i].crowding * static_cast<double>(degree_of(h.now, i) - 1);
    auto const hop = p.surcharge[i] / v[i] - model[i].work * (t.crowd - 1);
    t.bare = most(most(timed - hop, 0.1 * timed), least_work) / t.crowd;
  }
  return times;
}

/// What stages cost, so that a plan does not change what the next one is made from; and which cores were somebody else's meanwhile.
MILLRACE_COLD inline void learn_stages(history& h, sample const& s) {
  learn_flow(h, s);
  auto const workers = h.now.workers();
  auto const model = model_of(h);
  auto const times = times_of(h, s, model);
  std::vector<double> bare;
  for (auto const& t : times) bare.push_back(t.bare);
  if (s.at - h.changed_at < 2 * h.asked.tuned.dwell) doubt_paces(h, model, bare);
  auto const pace = paces(h, s, model, bare);
  std::vector<bool> visited(workers);
  for (std::size_t w = 0; w < workers && w < h.cores.size(); ++w) {
    learn_pace(h.cores[w], pace[w], h.now.employs(w), s, h.asked.tuned);
    visited[w] = h.now.employs(w) && off_pace(h.cores[w], pace[w]);
  }
  h.visited = std::find(visited.begin(), visited.end(), true) != visited.end();
  for (std::size_t i = 0; i < times.size(); ++i) {
    auto& l = h.learned[i];
    auto const& x = s.stages[i];
    if (!(times[i].bare > 0)) continue;
    double slower = 0, with_visitors = 0;
    for (std::size_t w = 0; w < workers; ++w)
      if (auto const mask = h.now.lanes(w, i); mask != 0) slower += pace[w] * model[i].share(mask), with_visitors += visited[w] ? model[i].share(mask) : 0;
    if (with_visitors > 0.5) continue;  // a guest's doing is not learned from
    auto const own = times[i].bare / slower;
    if (l.trial.on) l.trial.sum += own * times[i].crowd * x.timed_events, l.trial.items += x.timed_events;
    else l.time.add(own, x.timed_events, x.timed_events / s.seconds * h.asked.tuned.memory);
  }
  share_a_pace(h);
}

/// A load that has at least doubled, seen from few events: Page's test of a Poisson rate. What came since it began to rise is the new mean.
MILLRACE_COLD inline void notice_surge(history& h, double asked, double ns) {
  auto const expected = h.demand.mean * ns;
  if (h.demand.items <= 0) return;
  h.surge += asked - 1.44 * expected;  // (2 - 1) / ln 2: a rate between the two
  if (h.surge <= 0) {
    h.surge = h.surge_events = h.surge_ns = 0;
    return;
  }
  h.surge_events += asked, h.surge_ns += ns;
  if (h.surge < 10) return;  // by chance once in a thousand rises
  h.demand.restart(h.surge_events / h.surge_ns, h.surge_events);
  h.surge = h.surge_events = h.surge_ns = 0;
}

/// What producers ask for: what they got in, over the share of the time in which they could; and a backlog worked off in a while, if
/// the ring fills.
[[nodiscard]] MILLRACE_COLD inline auto look_at(history& h, sample const& s) -> situation {
  situation now;
  double weighted = 0;
  for (auto const& p : s.producers) now.published += p.published, weighted += p.published * p.blocked, now.blocked = most(now.blocked, p.blocked);
  if (now.published > 0) now.blocked = weighted / now.published;
  if (!s.rings.empty()) now.depth = s.rings[0].depth, now.capacity = most(s.rings[0].capacity, 1);
  auto const v = visits(model_of(h));
  auto const ns = most(s.seconds * 1e9, 1);
  now.through = unbounded;
  for (std::size_t i = 0; i < s.stages.size(); ++i)
    if (v[i] > 0) now.through = least(now.through, s.stages[i].events / v[i] / ns);
  if (now.through == unbounded) now.through = 0;
  auto const asked = now.published / ns / (1 - least(now.blocked, 0.95));
  notice_surge(h, asked * ns, ns);
  if (asked > 0) h.demand.add(asked, now.published, now.published / s.seconds * 2);
  now.noise = now.published > 0 ? 1 / root(now.published) : 1;
  now.load = asked;
  if (now.noise > 0.03 && h.demand.items > 0) now.load = h.demand.mean, now.noise = least(now.noise, h.demand.error());
  if (now.depth > 0.25 * now.capacity) now.load += least(now.depth / (h.asked.tuned.catchup * 1e9), 0.5 * now.published / ns);
  if (now.blocked > 0.95) now.load = unbounded;
  return now;
}

}  // namespace millrace::scheduling
