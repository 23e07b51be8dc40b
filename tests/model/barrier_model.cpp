// SPDX-License-Identifier: MIT
// Barriers as what they promise and no more. Light and heavy are the asymmetric fences of P1202: each pair of a light and a
// heavy one has an order, and what came before the earlier is seen after the later. That is weaker than what membarrier does
// (a full fence in every running thread), because a compiler may move a store down to the next light barrier.
#include <algorithm>

#include "model/location.hpp"

namespace millrace::model {

void location::light_barrier() noexcept {
  if (!world.running()) return;
  auto const self = world.self();
  auto& me = world.me();
  auto const stamp = ++me.knows.at[self];
  me.at_light = me.knows;
  if (me.heavy_seen == heavy_barriers) return;
  me.heavy_seen = heavy_barriers;
  for (auto* const l : world.histories())
    if (l->heavy_floor_ > l->base_) l->mark(l->heavy_floor_, self, stamp);
}

void location::heavy_barrier() noexcept {
  if (!world.running()) return;
  world.point();
  auto const self = world.self();
  auto& me = world.me();
  auto const stamp = ++me.knows.at[self];
  me.at_light = me.knows;
  me.heavy_seen = ++heavy_barriers;
  for (auto* const l : world.histories()) {
    auto floor = l->bound(me.knows);
    for (unsigned t = 0; t < world.count(); ++t)
      if (t != self) floor = std::max(floor, l->bound(world.record(t).at_light));
    l->heavy_floor_ = std::max(l->heavy_floor_, floor);
    if (l->heavy_floor_ > l->base_) l->mark(l->heavy_floor_, self, stamp);
  }
}

void location::fence(std::memory_order o) noexcept {
  if (!world.running()) return;
  world.point();
  auto const self = world.self();
  auto& me = world.me();
  auto const stamp = ++me.knows.at[self];
  if (acquires(o)) me.knows.join(me.may_acquire);
  if (o == std::memory_order::seq_cst)
    for (auto* const l : world.histories()) {
      if (l->sc_floor_ > l->base_) l->mark(l->sc_floor_, self, stamp);
      l->sc_floor_ = std::max(l->sc_floor_, l->bound(me.knows));
    }
  if (releases(o)) me.at_fence = me.knows;
}

}  // namespace millrace::model
