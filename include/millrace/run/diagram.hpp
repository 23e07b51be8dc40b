// SPDX-License-Identifier: MIT
// A runner as a picture, for Graphviz and for Mermaid: stages, what waits for what, and who runs them now.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <millrace/base/config.hpp>
#include <millrace/plan/plan.hpp>
#include <millrace/run/runner.hpp>

namespace millrace {

/// What is drawn, as a value.
struct diagram {
  struct stage {
    std::string name;
    std::vector<std::size_t> workers;  ///< who run it by the plan
    std::uint64_t after = 0;           ///< stages of its ring that it waits for, as bits
    std::size_t fed_by = npos;         ///< a stage that publishes into its ring; npos: nobody, or a producer outside
    bool first = false;                ///< it waits for the producer
    std::uint64_t together = 0, apart = 0;
    bool follows = false;              ///< nobody names it in plans
  };
  std::vector<stage> stages;
  std::size_t workers = 0;

  /// It shares its worker with no other stage that somebody names.
  [[nodiscard]] auto is_alone(std::size_t s) const noexcept -> bool {
    bool alone = stages[s].apart != 0;
    for (std::size_t other = 0; other < stages.size(); ++other) alone = alone && (other == s || stages[other].follows || (stages[s].apart >> other & 1) != 0);
    return alone;
  }
  [[nodiscard]] auto label(std::size_t s, char const* new_line) const -> std::string {
    auto out = stages[s].name;
    if (is_alone(s)) out += std::string{new_line} + "(apart from all)";
    if (stages[s].workers.size() == 1) return out;
    out += std::string{new_line} + (stages[s].workers.empty() ? "by nobody" : "by workers");
    for (auto const w : stages[s].workers) out += ' ' + std::to_string(w);
    return out;
  }
};

/// Called by  any thread, at any time until the runner is destroyed.
template <typename Pipeline, typename Platform>
[[nodiscard]] MILLRACE_COLD auto diagram_of(runner<Pipeline, Platform> const& run) -> diagram {
  auto const& e = *run.shared();
  auto const planned = std::remove_cvref_t<decltype(e)>::planned();
  auto const p = run.current_plan();
  diagram d;
  d.workers = p.workers();
  auto feeder = npos;
  e.each_strand([&](auto const& strand) {
    using segment = typename std::remove_cvref_t<decltype(strand)>::segment;
    auto const first = strand.first_stage();
    auto next_feeder = npos;
    for (std::size_t s = 0; s < segment::stages; ++s) {
      auto const n = first + s;
      diagram::stage x;
      x.name = planned[n].name;
      x.after = segment::waits_for(s) << first;
      if (x.after == 0) x.fed_by = feeder, x.first = feeder == npos && (!segment::own_source || segment::from_lanes);
      x.together = planned[n].together, x.apart = planned[n].apart & ~(std::uint64_t{1} << n), x.follows = planned[n].follows;
      for (std::size_t w = 0; w < p.workers(); ++w)
        if (p.lanes(w, n) != 0) x.workers.push_back(w);
      if (segment::expands(s)) next_feeder = n;
      d.stages.push_back(std::move(x));
    }
    feeder = next_feeder;
  });
  return d;
}

/// `d` in two languages: how a node, an edge and the box of a worker are said.
template <typename Say>
[[nodiscard]] MILLRACE_COLD auto drawn(diagram const& d, Say const& say) -> std::string {
  std::string out = say.head;
  bool outside = false;
  for (auto const& s : d.stages) outside = outside || s.first;
  if (outside) out += say.producer();
  for (std::size_t w = 0; w < d.workers; ++w) {
    std::string inside;
    for (std::size_t s = 0; s < d.stages.size(); ++s)
      if (d.stages[s].workers == std::vector<std::size_t>{w}) inside += "  " + say.stage(s, d);
    if (!inside.empty()) out += say.box(w, inside);
  }
  for (std::size_t s = 0; s < d.stages.size(); ++s)
    if (d.stages[s].workers.size() != 1) out += say.stage(s, d);
  for (std::size_t s = 0; s < d.stages.size(); ++s) {
    auto const& x = d.stages[s];
    if (x.first) out += say.edge("events", s);
    if (x.fed_by != npos) out += say.next_ring(x.fed_by, s);
    for (auto m = x.after; m != 0; m &= m - 1) out += say.edge('s' + std::to_string(std::countr_zero(m)), s);
  }
  for (std::size_t s = 0; s < d.stages.size(); ++s)
    for (std::size_t other = s + 1; other < d.stages.size(); ++other) {
      if ((d.stages[s].together >> other & 1) != 0) out += say.constraint(s, other, "together");
      else if ((d.stages[s].apart >> other & 1) != 0 && !d.is_alone(s) && !d.is_alone(other)) out += say.constraint(s, other, "apart");
    }
  return out + say.tail;
}

struct dot_words {
  std::string head = "digraph pipeline {\n  rankdir=LR;\n  node [shape=box];\n", tail = "}\n";

  static auto quoted(std::string const& text) -> std::string {
    std::string out = "\"";
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\n') {
        out += "\\n";
        continue;
      }
      if (text[i] == '"' || text[i] == '\\') out += '\\';
      out += text[i];
    }
    return out + '"';
  }
  [[nodiscard]] static auto producer() -> std::string { return "  events [shape=plaintext];\n"; }
  [[nodiscard]] static auto stage(std::size_t s, diagram const& d) -> std::string { return "  s" + std::to_string(s) + " [label=" + quoted(d.label(s, "\n")) + "];\n"; }
  [[nodiscard]] static auto box(std::size_t worker, std::string const& inside) -> std::string {
    auto const n = std::to_string(worker);
    return "  subgraph cluster_" + n + " {\n    label=\"worker " + n + "\";\n" + inside + "  }\n";
  }
  [[nodiscard]] static auto edge(std::string const& from, std::size_t to) -> std::string { return "  " + from + " -> s" + std::to_string(to) + ";\n"; }
  [[nodiscard]] static auto next_ring(std::size_t from, std::size_t to) -> std::string { return "  s" + std::to_string(from) + " -> s" + std::to_string(to) + " [style=bold, label=\"ring\"];\n"; }
  [[nodiscard]] static auto constraint(std::size_t a, std::size_t b, char const* what) -> std::string {
    return "  s" + std::to_string(a) + " -> s" + std::to_string(b) + " [dir=none, style=dashed, constraint=false, label=\"" + what + "\"];\n";
  }
};
struct mermaid_words {
  std::string head = "flowchart LR\n", tail;

  static auto quoted(std::string const& text) -> std::string {
    std::string out = "\"";
    for (char const c : text) out += c == '"' ? "#quot;" : c == '#' ? "#35;" : c == '<' ? "#lt;" : c == '>' ? "#gt;" : c == '\n' ? "<br>" : std::string(1, c);
    return out + '"';
  }
  [[nodiscard]] static auto producer() -> std::string { return "  events([events])\n"; }
  [[nodiscard]] static auto stage(std::size_t s, diagram const& d) -> std::string { return "  s" + std::to_string(s) + '[' + quoted(d.label(s, "\n")) + "]\n"; }
  [[nodiscard]] static auto box(std::size_t worker, std::string const& inside) -> std::string {
    auto const n = std::to_string(worker);
    return "  subgraph w" + n + "[worker " + n + "]\n" + inside + "  end\n";
  }
  [[nodiscard]] static auto edge(std::string const& from, std::size_t to) -> std::string { return "  " + from + " --> s" + std::to_string(to) + '\n'; }
  [[nodiscard]] static auto next_ring(std::size_t from, std::size_t to) -> std::string { return "  s" + std::to_string(from) + " ==>|ring| s" + std::to_string(to) + '\n'; }
  [[nodiscard]] static auto constraint(std::size_t a, std::size_t b, char const* what) -> std::string { return "  s" + std::to_string(a) + " -.-|" + what + "| s" + std::to_string(b) + '\n'; }
};

/// The runner for Graphviz (`dot -Tsvg`), each worker a box; a stage that several run stands beside the boxes and names them. Bold
/// edges lead into another ring; dashed ones are constraints.
/// Called by  any thread, at any time until the runner is destroyed.
template <typename Pipeline, typename Platform>
[[nodiscard]] MILLRACE_COLD auto to_dot(runner<Pipeline, Platform> const& run) -> std::string { return drawn(diagram_of(run), dot_words{}); }
/// The same for Mermaid, which many viewers of Markdown draw.
template <typename Pipeline, typename Platform>
[[nodiscard]] MILLRACE_COLD auto to_mermaid(runner<Pipeline, Platform> const& run) -> std::string { return drawn(diagram_of(run), mermaid_words{}); }

}  // namespace millrace
