// SPDX-License-Identifier: MIT
// The rules: jump to the plan of the model, confirm, dwell, verify, go down late. Functions of values: time is in the samples.
#pragma once
#include <cstddef>
#include <utility>
#include <vector>

#include <millrace/base/config.hpp>
#include <millrace/plan/context.hpp>
#include <millrace/plan/cost_model.hpp>
#include <millrace/plan/estimate.hpp>
#include <millrace/plan/history.hpp>
#include <millrace/plan/latency.hpp>
#include <millrace/plan/planner.hpp>
#include <millrace/plan/sample.hpp>
#include <millrace/plan/trial.hpp>
#include <millrace/plan/verification.hpp>

namespace millrace::scheduling {

/// One look of the scheduler. Made for a period, asked for its decision, thrown away.
class deliberation {
 public:
  MILLRACE_COLD deliberation(sample const& s, history& h)
      : s_{s}, h_{h}, t_{h.asked.tuned}, most_workers_{static_cast<std::size_t>(within(s.cores + 0.25, 1, static_cast<double>(h.machine.workers())))} {
    if (h.asked.most_workers < most_workers_) most_workers_ = h.asked.most_workers < 1 ? 1 : h.asked.most_workers;
    if (h.asked.wanted == goal::efficiency) target_ = h.asked.utilisation_cap, up_ = target_ + 0.6 * (1 - target_), enough_share_ = 0.9;
    else target_ = t_.target, up_ = t_.up;
  }

  [[nodiscard]] MILLRACE_COLD auto decide() -> decision {
    if (h_.asked.fixed.stages() != 0) return h_.asked.fixed == h_.now ? decision{} : change(reason::fixed_plan, h_.asked.fixed, {});
    double events = 0;
    for (auto const& p : s_.producers) events += p.published;
    double through = 0;
    for (auto const& x : s_.stages) through += x.events;
    double depth = 0;
    for (auto const& r : s_.rings) depth += r.depth;
    if (events + through <= 0 && depth < 1) return idle();
    h_.idle_for = 0;
    h_.next_period = t_.period;
    if (h_.began < 0) h_.began = s_.at;
    if (s_.near_round_trip > 0) h_.machine.near = hand_over_at(s_.near_round_trip, s_.batch, s_.event_bytes);
    if (s_.far_round_trip > 0) h_.machine.far = hand_over_at(s_.far_round_trip, s_.batch, s_.event_bytes);
    bool const warm = s_.at - h_.changed_at > t_.warmup + 0.5 * s_.seconds;  // the first period after a change measures the change
    if (learn_cores(h_, s_)) call_off();
    if (warm) learn_stages(h_, s_);
    look_ = look_at(h_, s_);
    auto const was = std::exchange(h_.depth_before, look_.depth);
    left_ = was < 0 ? look_.published : most(0, look_.published - (look_.depth - was));  // what fills a ring is not throughput
    h_.loads.push_back(look_.load == unbounded ? unbounded : look_.load * most(0.5, 1 - 2 * look_.noise));
    while (static_cast<double>(h_.loads.size()) > h_.window) h_.loads.erase(h_.loads.begin());
    if (!warm) return {};
    if (!h_.visited) note_limit();  // else what got through says nothing about the plan
    if (!known()) return soon();
    if (employed(h_.now) > most_workers_ && !h_.asked.advice_only) return fewer_cores();
    prepare();
    if (h_.verified.on)
      if (auto d = judge(); d.why != reason::none) return d;
    if (s_.at - h_.changed_at < t_.dwell * 0.999) return {};
    settle();
    bool const queue = look_.blocked > 0.01 || look_.depth > 0.25 * look_.capacity;  // without one a full worker may be an error
    if (utilisation_ > (queue ? up_ : least(up_ * (1 + 2 * error_ + 3 * look_.noise), most(up_, 0.97)))) {
      return s_.at - h_.changed_at < h_.penance ? decision{} : go_up();  // the model was wrong here lately
    }
    h_.up_count = 0;
    return go_down();
  }

 private:
  // Whether the plan is the limit.
  [[nodiscard]] auto limited() const noexcept -> bool { return look_.blocked > 0.03 || look_.depth > 0.25 * look_.capacity; }
  // What gets through while the plan is the limit.
  MILLRACE_COLD void note_limit() noexcept {
    if (limited()) h_.limited_events += left_ - 0.2 * h_.limited_events, h_.limited_seconds += s_.seconds - 0.2 * h_.limited_seconds;
    else h_.limited_events = h_.limited_seconds = 0;
  }
  // Not yet; the next sample is short.
  [[nodiscard]] auto soon() const noexcept -> decision {
    h_.next_period = least(t_.glance, t_.period);
    return {};
  }
  // Whether all stages have been timed, by some hundred events or for a tenth of a second; after a second, those that get events.
  [[nodiscard]] auto known() const noexcept -> bool {
    bool const urgent = look_.blocked > 0.25 || look_.depth > 0.3 * look_.published;  // then any plan is better than none
    for (std::size_t i = 0; i < h_.stages.size(); ++i) {
      auto const items = h_.learned[i].time.items;
      if (items <= 0 ? s_.stages[i].events > 0 || s_.at < h_.began + 1 : items < (urgent ? 16 : 400) && s_.at < h_.began + 0.1) return false;
    }
    return true;
  }
  [[nodiscard]] auto model_error() const noexcept -> double {
    double weighted = 0, total = 0;
    auto const v = visits(model_);
    for (std::size_t i = 0; i < model_.size(); ++i) total = most(total, model_[i].work * v[i]);
    for (std::size_t i = 0; i < model_.size(); ++i) weighted = most(weighted, h_.learned[i].time.error() * model_[i].work * v[i] / most(total, 1e-9));
    return weighted;
  }
  MILLRACE_COLD void prepare() {
    model_ = model_of(h_), machine_ = machine_of(h_);
    rate_now_ = rate_of(model_, machine_, h_.now);
    if (limited() && h_.limited_seconds > 0 && !h_.visited && !early()) heed_what_got_through();
    utilisation_ = look_.load / rate_now_;
    error_ = model_error();
    h_.full = look_.blocked > 0.10 || utilisation_ > up_, h_.carries = rate_now_;
    h_.limited_for = most(0, h_.limited_for + (limited() ? s_.seconds : -s_.seconds));
    // The first plan was made from little. While it stays the limit ever smaller gains are taken, each of which makes the next wait longer.
    if (h_.patience > 1 && h_.expected.size() == model_.size()) {  // unless what it was made from has moved since
      auto const v = visits(model_);
      auto const now = shares_of_work(model_);
      double differs = 0;
      for (std::size_t i = 0; i < now.size(); ++i) differs += v[i] * most(now[i] - h_.expected[i], h_.expected[i] - now[i]);
      if (differs > 0.08 + 3 * error_) h_.patience = most(1, h_.patience / 2), h_.context_at = s_.at, h_.expected = now;
    }
    bool const young = s_.at - h_.context_at < t_.settling;  // what is better is taken at once, as soon as it is known
    auto const impatience = h_.limited_for / h_.patience, first = within(1 + 3 * error_, young && limited() ? t_.least_gain : t_.gain, 1.5);
    auto const last = s_.at - h_.context_at < t_.settled_after ? least(within(1 + error_, t_.least_gain, 1.05) + 0.01 * h_.small_steps, t_.settled_gain) : t_.settled_gain;
    least_gain_ = last + (first - last) / ((1 + impatience) * (1 + impatience));
    peak_ = look_.load;
    for (double const l : h_.loads) peak_ = most(peak_, l);
  }

  // Times are being learned, and what is planned from them moves for good reasons.
  [[nodiscard]] auto early() const noexcept -> bool { return s_.at - h_.began < t_.settled_after; }
  // While the plan is the limit, what gets through is what it carries. A model that says much less than that, and did not a second ago, has
  // been led astray by single events.
  MILLRACE_COLD void heed_what_got_through() noexcept {
    auto const got = least(left_ / s_.seconds, h_.limited_events / h_.limited_seconds) * 1e-9, ratio = most(1, got / rate_now_);
    if (ratio > 1.3 * h_.to_model) rate_now_ = got / h_.to_model;
    h_.to_model += least(1, s_.seconds / t_.believed) * (ratio - h_.to_model);
  }

  [[nodiscard]] MILLRACE_COLD auto idle() -> decision {
    h_.idle_for += s_.seconds;
    h_.next_period = least(2 * h_.next_period, t_.longest_period);
    if (h_.idle_for <= t_.idle_after || employed(h_.now) < 2) return {};
    model_ = model_of(h_), machine_ = machine_of(h_);
    auto const c = planner{model_, machine_, 1}.best_on(1);
    return c.rate > 0 ? change(reason::idle, c.p, c) : decision{};
  }
  [[nodiscard]] MILLRACE_COLD auto fewer_cores() -> decision {
    prepare();
    auto const c = best_for(peak_);
    return c.rate > 0 && c.workers < employed(h_.now) ? change(reason::cores_gone, c.p, c) : decision{};
  }

  // Cores' worth of work that any plan may use.
  [[nodiscard]] auto usable() const noexcept -> double {
    double cores = 0;
    for (double const a : machine_.able) cores += a;
    return least(cores, static_cast<double>(most_workers_));
  }
  // What the goal makes of a load.
  [[nodiscard]] MILLRACE_COLD auto best_for(double load) -> choice {
    planner const all{model_, machine_, most_workers_};
    if (load == unbounded) return all.trimmed(all.best_on(most_workers_), enough_share_);
    if (h_.asked.wanted != goal::latency) {
      auto c = all.enough(load, target_);
      return c.rate * target_ >= load ? c : all.trimmed(std::move(c), enough_share_);
    }
    choice best;
    double shortest = unbounded;
    for (double fill = target_; fill > 0.15; fill -= 0.1) {
      auto c = all.enough(load, fill);
      auto const takes = latency_of(model_, machine_, c.p, load);
      if (takes < shortest || best.rate == 0) shortest = takes, best = std::move(c);
      if (shortest <= h_.asked.latency_ns) break;
    }
    return best;
  }
  [[nodiscard]] auto is_bad(plan const& p) const -> bool {
    for (auto const& b : h_.bad)
      if (b == p) return true;
    return false;
  }
  // Lanes of a pool go by themselves where they are wanted.
  [[nodiscard]] auto differ_in_effect(plan const& p, plan const& q) const noexcept -> bool {
    for (std::size_t w = 0; w < h_.machine.workers(); ++w)
      for (std::size_t i = 0; i < h_.stages.size(); ++i) {
        auto const a = w < p.workers() ? p.lanes(w, i) : 0, b = w < q.workers() ? q.lanes(w, i) : 0;
        if (h_.stages[i].levels ? (a != 0) != (b != 0) : a != b) return true;
      }
    return false;
  }
  [[nodiscard]] MILLRACE_COLD auto change(reason why, plan const& planned, choice const& c) -> decision {
    decision d;
    d.why = why, d.at = s_.at, d.from = h_.now;
    d.to = why == reason::fixed_plan || why == reason::rolled_back ? planned : planner{model_, machine_, h_.machine.workers()}.renamed(planned, h_.now);
    if (!differ_in_effect(d.to, h_.now)) {
      h_.now = std::move(d.to);
      return {};
    }
    auto const then = why == reason::rolled_back ? rate_of(model_, machine_, d.to) : c.rate;
    d.load = look_.load, d.utilisation = utilisation_, d.carries_now = rate_now_, d.carries_then = then, d.least_gain = least_gain_;
    if (rate_now_ > 0 && then > 0) d.gain = least(then, most(look_.load, rate_now_)) / rate_now_;
    if (!h_.stages.empty()) d.cost_ns = 30e3 * moved(h_.stages, h_.now, d.to);
    if (h_.asked.advice_only) {
      d.advice = true;
      bool const news = h_.decisions.empty() || !(h_.decisions.back().to == d.to);
      if (news) remember(d);
      return news ? d : decision{};
    }
    remember(d);
    bool const more = why == reason::more_load || why == reason::a_little_more;
    if (more && s_.at - h_.down_at < t_.flap_window) h_.window = least(2 * h_.window, t_.longest_window);  // the way down came too early
    if (why == reason::less_load) h_.down_at = s_.at;
    begin_trials(h_, d.to, more && (h_.changes == 0 || s_.at - h_.context_at > 0.3));  // if times have just moved, nothing is blamed on the plan
    h_.tried = planned;
    h_.before = std::exchange(h_.now, d.to);
    h_.changed_at = s_.at, h_.up_count = 0, h_.limited_for = 0;
    h_.loads.clear();
    auto const rate_before = h_.limited_events > 0 ? least(h_.limited_events / (h_.limited_seconds * 1e9), 1.2 * rate_now_) : rate_now_;
    h_.verified = {.on = more, .promised = d.gain, .rate_before = rate_before, .events_before = h_.limited_events, .blocked_before = look_.blocked, .to_drain = look_.depth};
    h_.to_recheck = more && d.gain > 1, h_.limited_events = h_.limited_seconds = 0;
    h_.changes += 1;
    return d;
  }
  void remember(decision const& d) {
    if (h_.decisions.size() == most_decisions) h_.decisions.erase(h_.decisions.begin());
    h_.decisions.push_back(d);
  }

  // What the last change brought: it stays, or is taken back.
  [[nodiscard]] MILLRACE_COLD auto judge() -> decision {
    auto const [said, got] = verify(h_, s_, left_, look_.blocked);
    if (said == verdict::none) return {};
    h_.verified.on = false;
    if (said != verdict::over && !h_.decisions.empty()) h_.decisions.back().measured_gain = got;
    end_trials(h_);
    prepare();
    if (said != verdict::guilty) return {};
    h_.bad.push_back(h_.tried);
    h_.bad_for = within(2 * h_.bad_for, t_.retried, t_.longest_retried), h_.bad_until = s_.at + h_.bad_for;
    h_.rollbacks += 1, h_.taken_back.add(s_.at, t_.forgiven), h_.unsteady.add(s_.at, t_.steadied);
    h_.penance = h_.penance > 0 ? least(2 * h_.penance, 60) : 0.5;
    return change(reason::rolled_back, h_.before, {});
  }
  // The change is not judged, nor are those before: something else has happened.
  MILLRACE_COLD void call_off() {
    h_.verified.on = h_.to_recheck = false, h_.unsteady = {};
    end_trials(h_);
  }

  MILLRACE_COLD void settle() {
    auto const quiet = s_.at - h_.changed_at;
    if (h_.window > t_.confirm_down && quiet > 4 * h_.window * t_.period + t_.flap_window) h_.window = most(h_.window / 2, t_.confirm_down);
    auto const load = least(look_.load, 1.3 * fluid_bound(model_, usable()));  // how far beyond all plans it is makes no difference, and is not known well
    if (!is_another(h_, model_, load, look_.noise)) return;
    h_.patience = 1, h_.small_steps = 0;
    if (h_.taken_back.of_late(s_.at, t_.forgiven) < 1.5) h_.penance = 0;  // else what has moved may be what those plans did to the times
    h_.bad.clear(), h_.bad_for = 0, h_.context.clear(), h_.context_at = s_.at;
    for (auto const& m : model_) h_.context.push_back(m.work);
    h_.context.push_back(load);
  }
  // What a step to no more workers must promise: more, if what such steps brought did not last. Looks at the last one again, once, when the next is due.
  [[nodiscard]] MILLRACE_COLD auto steady_gain() -> double {
    if (early()) return 1;
    bool const same_situation = h_.context_at <= h_.changed_at;
    if (std::exchange(h_.to_recheck, false) && same_situation && rate_now_ < 0.5 * (1 + h_.verified.promised) * rate_of(model_, machine_, h_.before)) h_.unsteady.add(s_.at, t_.steadied);
    auto const unsteady = h_.unsteady.of_late(s_.at, t_.steadied);
    return 1 + least(t_.most_unsteady_gain, t_.unsteady_gain * (unsteady + 1)) * (unsteady > 0);
  }
  [[nodiscard]] MILLRACE_COLD auto go_up() -> decision {
    if (fluid_bound(model_, usable()) < least_gain_ * rate_now_) return {};  // spare the search
    auto const c = best_for(look_.load == unbounded ? unbounded : peak_ == unbounded ? look_.load : peak_);
    if (c.rate < least_gain_ * rate_now_ || (c.workers <= employed(h_.now) && c.rate < steady_gain() * rate_now_) ||
        (is_bad(c.p) && (s_.at < h_.bad_until || c.rate < t_.retried_gain * rate_now_))) {
      h_.up_count = 0;
      return {};
    }
    bool const urgent = look_.depth > 0.9 * look_.capacity && look_.blocked > 0.25;
    if (h_.up_count += 1; !urgent && h_.up_count < t_.confirm_up) return soon();
    bool const small = c.rate < t_.gain * rate_now_;
    auto d = change(small ? reason::a_little_more : reason::more_load, c.p, c);
    if (small && d) {
      h_.patience = least(4 * h_.patience, 64), h_.small_steps += 1, h_.expected = shares_of_work(model_);
    }
    return d;
  }
  // The cheapest plan for the peak of the whole window must still run cool.
  [[nodiscard]] MILLRACE_COLD auto go_down() -> decision {
    auto const workers = employed(h_.now);
    if (static_cast<double>(h_.loads.size()) < h_.window || workers < 2) return {};
    auto const save = (workers + 7) / 8;  // fewer are not worth a change
    if (peak_ != unbounded && h_.asked.wanted != goal::latency) {
      if (peak_ * all_work(model_) / target_ > static_cast<double>(workers - save)) return {};  // not even the fluid could: spare the search
    }
    if (h_.down_wait > 0) {
      h_.down_wait -= 1;
      return {};
    }
    h_.down_wait = 4;  // what was not found is not looked for at every period
    auto const top = peak_ * (1 + least(error_, 0.2));
    auto const c = best_for(top);
    bool const cool = peak_ != unbounded && top <= target_ * c.rate * 1.0001;
    bool const useless = c.rate >= rate_now_ * 0.99;
    if (c.rate <= 0 || c.workers + save > workers || !(cool || useless) || is_bad(c.p)) return {};
    return change(reason::less_load, c.p, c);
  }

  sample const& s_;
  history& h_;
  tuning const& t_;
  std::size_t most_workers_;
  double target_ = 0.7, up_ = 0.85, enough_share_ = 0.98;
  situation look_{};
  stage_models model_{};
  machine_model machine_{};
  double left_ = 0;  // events that went out of the first ring
  double rate_now_ = 0, utilisation_ = 0, error_ = 0, least_gain_ = 1.1, peak_ = 0;
};

/// What to do after the period `s`, and in `h` what is to be remembered; `h.next_period` says when to look again.
///
/// Called by  one at a time. A function of its arguments: the same values give the same decision, on any machine.
/// Waits      never.
/// Costs      some microseconds while nothing is to be planned; planning takes about 0.4 ms for 16 stages on 16 workers, 4 ms for 40 on 128.
/// Throws     std::bad_alloc; bad_plan if constraints contradict each other.
MILLRACE_COLD inline auto decide(sample const& s, history& h) -> decision { return deliberation{s, h}.decide(); }

/// The crew was woken: the next period begins now and is a short one.
inline void woken(history& h) noexcept { h.next_period = least(h.asked.tuned.glance, h.asked.tuned.period), h.idle_for = 0; }

/// The pipeline runs another plan, by somebody else's will, since `at`.
MILLRACE_COLD inline void applied(history& h, plan const& p, double at) {
  h.before = std::exchange(h.now, p);
  h.changed_at = at, h.verified.on = h.to_recheck = false, h.up_count = 0, h.limited_for = 0;
  h.loads.clear();
  for (auto& l : h.learned) l.trial = {};
}

}  // namespace millrace::scheduling
