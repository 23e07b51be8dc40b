// SPDX-License-Identifier: MIT
// Waiting the LMAX way: four threads, of which blocking puts only those to sleep that find the producer idle.
#include <array>
#include <thread>
#include <vector>

#include "idle/problem.hpp"
#include "support/lmax.hpp"

namespace bench::idle {
namespace {

template <typename Wait>
auto four_threads(load const& l) -> measured {
  arrivals seen{l.events};
  lmax::ring_buffer<event, Wait> ring{capacity};
  std::array<lmax::sequence, 4> done;
  ring.gate_by(done.back());
  std::vector<std::thread> stages;
  for (std::size_t at = 0; at < 4; ++at) {
    stages.emplace_back([&, at] {
      lmax::sequence_barrier<Wait> const barrier{ring.wait_strategy(), ring.cursor(),
                                                 at == 0 ? ring.cursor() : done[at - 1]};
      if (at < 3) {
        lmax::process(ring, barrier, done[at], pass{}, l.events - 1);
      } else {
        lmax::process(ring, barrier, done[at], last_stage{.to = &seen}, l.events - 1);
      }
    });
  }
  auto const result = observe(l, on::any_core, "idle, lmax-style", seen, [&] {
    auto const at = ring.next();
    ring.get(at).sent = ticks();
    ring.publish(at);
  });
  for (auto& stage : stages) stage.join();
  return result;
}

auto lmax_style(char const* variant, measured (*run)(load const&), role part) -> entry {
  return {.where = &topic, .job = job(on::any_core), .contender = "lmax-style", .variant = variant, .run = run, .part = part,
          .cpus = 1};
}

enter const entered{{lmax_style("blocking", four_threads<lmax::blocking>, role::lmax),
                     lmax_style("yielding", four_threads<lmax::yielding>, role::contender)}};

}  // namespace
}  // namespace bench::idle
