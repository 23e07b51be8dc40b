// SPDX-License-Identifier: MIT
// What the handlers of a stage that is shared by key keep, all of it, as it is behind one event, while events flow: shown one by one, or
// merged into one handler.
#pragma once
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <type_traits>
#include <utility>

#include <millrace/base/config.hpp>
#include <millrace/run/engine.hpp>

namespace millrace {

/// Parts that were merged: all of a stage's state in one handler, behind `at` events. A stage of another runner may begin with it.
template <typename Handler>
struct merged_state {
  Handler handler;
  sequence at = 0;
};

/// See runner::visit. `await(done)` waits until that, or until the runner stops; lanes that are put down and cursors that move wake it.
template <typename Engine, typename Strand, std::size_t Stage>
class state_visit {
  using segment = typename Strand::segment;
  static constexpr std::size_t node = Stage - (segment::own_source ? 1 : 0);

 public:
  using handler = std::remove_cvref_t<decltype(millrace::get<node>(std::declval<Strand const&>().handlers()).f[0])>;

  state_visit(Engine& engine, Strand& strand) noexcept : engine_{engine}, strand_{strand} {}

  template <typename F, typename Await>
  MILLRACE_COLD auto operator()(F& f, Await await) -> std::optional<sequence> {
    std::lock_guard const one_at_a_time{engine_.visits()};
    auto& stage = strand_.ring().stage[Stage];
    if (engine_.course().now() == life::over) {
      await([&] { return engine_.course().members() == 0; });
      show(f);
      return stage.reached();
    }
    let_go const at_last{*this};
    strand_.halts_of_stages().stop(Stage);
    tell();
    await([&] { return all_stand() || stopped(); });
    if (stopped()) return std::nullopt;
    sequence last = 0;
    for (std::size_t l = 0; l < most_lanes; ++l)
      if (auto const at = stage.at(l); at > last) last = at;
    strand_.halts_of_stages().go_to(Stage, last);
    tell();
    await([&] { return stage.reached() >= last || stopped(); });
    if (stage.reached() < last) return std::nullopt;
    show(f);
    return last;
  }

 private:
  struct let_go {
    state_visit& of;
    ~let_go() {
      of.strand_.halts_of_stages().let_go(Stage);
      of.tell();
    }
  };
  MILLRACE_COLD void tell() {
    engine_.board().turn_over();
    strand_.ring().table.alert_all();
  }
  [[nodiscard]] auto stopped() const noexcept -> bool { return engine_.course().now() >= life::stopping; }
  /// Whoever holds a lane says that it stands; if nobody does, this thread holds it for a moment.
  auto all_stand() noexcept -> bool {
    auto& halts = strand_.halts_of_stages();
    return strand_.ring().stage[Stage].know(halts.unknown(Stage), strand_.ring().table, [&](lane_mask got) { halts.stands(Stage, got); });
  }
  template <typename F>
  void show(F& f) const {
    auto const& all = millrace::get<node>(strand_.handlers()).f;
    for (std::size_t l = 0; l < all.count; ++l) f(all[l]);
  }

  Engine& engine_;
  Strand& strand_;
};

/// See runner::visit.
template <fixed_string Stage, typename Engine, typename Crew, typename F>
MILLRACE_COLD auto visit_state(std::shared_ptr<Engine> const e, std::shared_ptr<Crew> const on, F& f) -> std::optional<sequence> {
  return e->template with_keyed<Stage>([&]<typename S, std::size_t I>(S& strand, std::integral_constant<std::size_t, I>) {
    return state_visit<Engine, S, I>{*e, strand}(f, [&](auto done) {
      auto& stage = strand.ring().stage[I];
      auto const announce = [&] { stage.waiting.add(sleepers<typename Engine::platform>::others), stage.wanting.add(sleepers<typename Engine::platform>::others); };
      static_cast<void>(on->await(e->wait(), e->others(), for_ever, done, announce));
    });
  });
}

/// A handler that can take in what another one of its kind keeps.
template <typename F>
concept merges = requires(F& f, F const& other) { f.merge(other); };
/// See runner::merged.
template <fixed_string Stage, typename Engine, typename Crew>
MILLRACE_COLD auto merge_state(std::shared_ptr<Engine> const& e, std::shared_ptr<Crew> const& on) {
  using handler = typename state_visit<Engine, typename Engine::template strand_at<Engine::template keyed<Stage>.ring>, Engine::template keyed<Stage>.stage>::handler;
  static_assert(merges<handler>, "the handler of this stage cannot be merged; give it a member void merge(handler const& other)");
  std::optional<merged_state<handler>> all;
  if constexpr (merges<handler>) {
    auto const take_in = [&](handler const& part) { all ? static_cast<void>(all->handler.merge(part)) : static_cast<void>(all.emplace(merged_state<handler>{part})); };
    if (auto const at = visit_state<Stage>(e, on, take_in)) all->at = *at;
    else all.reset();
  }
  return all;
}

}  // namespace millrace
