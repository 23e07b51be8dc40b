// SPDX-License-Identifier: MIT
// A pipeline and a ring for the bodies of a test, without threads: events are put by hand, stages run where the test says.
#pragma once
#include <cstddef>
#include <cstdint>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include <millrace/dsl/sentence.hpp>
#include <millrace/stage/table.hpp>

namespace support {

template <typename Pipeline>
struct rig {
  using segment = millrace::segment<Pipeline>;
  using event = typename segment::event;
  using table = millrace::body_table<segment>;

  rig(Pipeline&& p, std::size_t slots) : pipeline{std::move(p)} {
    columns.allocate(millrace::capacity{slots}, [](void*, std::size_t) {});
    line.slots = &columns;
    line.nodes = &pipeline.nodes;
    line.from = &pipeline.from;
    line.mask = static_cast<millrace::sequence>(slots) - 1;
    dead.resize(slots);
    line.dead = dead.data();
  }
  rig(rig const&) = delete;
  auto operator=(rig const&) -> rig& = delete;

  template <typename Make>
  void put(millrace::sequence s, Make&& make) {
    get<0>(columns.columns).put(static_cast<std::size_t>(s & line.mask), std::forward<Make>(make));
  }
  /// The result of node K for event s.
  template <std::size_t K>
  auto result(millrace::sequence s) -> auto& {
    return get<K + 1>(columns.columns)[static_cast<std::size_t>(s & line.mask)];
  }
  auto event_at(millrace::sequence s) -> event& { return get<0>(columns.columns)[static_cast<std::size_t>(s & line.mask)]; }
  /// What filter K said of event s: 0 is yes.
  auto status(millrace::sequence s, std::size_t filter = 0) -> int {
    return columns.status[filter][static_cast<std::size_t>(s & line.mask)];
  }

  /// Runs stages [i, j) over events [from, to) in one body, or as few as there are; says how far it came.
  auto run(std::size_t i, std::size_t j, millrace::sequence from, millrace::sequence to) -> millrace::sequence {
    auto const list = table::compose(i, j);
    auto end = to;
    for (std::size_t p = 0; p < list.parts; ++p) {
      auto const reached = list.part[p](line, from, end);
      if (line.failed) return reached;
      if (reached < end) end = reached;
    }
    return end;
  }
  /// All stages, cut where bit k of `cuts` is set between stages k and k + 1.
  auto run_cut(unsigned cuts, millrace::sequence from, millrace::sequence to) -> millrace::sequence {
    std::size_t i = 0;
    auto end = to;
    for (std::size_t j = 1; j <= segment::stages; ++j) {
      if (j != segment::stages && (cuts >> (j - 1) & 1) == 0) continue;
      end = run(i, j, from, end);
      if (line.failed) return end;
      i = j;
    }
    return end;
  }
  /// What the failed handler threw, in words.
  auto error() -> std::string {
    try {
      if (line.error) std::rethrow_exception(line.error);
    } catch (std::exception const& e) {
      return e.what();
    }
    return "";
  }

  Pipeline pipeline;
  typename segment::slot_layout columns;  // and the status of each slot
  std::vector<std::uint8_t> dead;  // tombstones of a ring with many producers
  millrace::line<segment> line{};
};

}  // namespace support
