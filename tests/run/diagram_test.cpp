// SPDX-License-Identifier: MIT
#include <millrace/run/diagram.hpp>

#include <optional>
#include <string>
#include <vector>

#include <millrace.hpp>

#include "support/catch.hpp"

namespace mr = millrace;

namespace {
auto three() -> mr::workers { return mr::workers{{.max = 3, .place = {.pin = false}}}; }
}  // namespace

TEST_CASE("branches, two rings, and the workers of the plan, for Graphviz") {
  auto crew = three();
  mr::runner run{mr::from<int>() | mr::fan_out(mr::tap<"a">([](int) {}), mr::tap<"b">([](int) {})) | mr::expand<"more">([](int n) { return std::vector<int>{n}; }) | mr::tap<"end">([](int) {}), crew,
                 {.plan = mr::groups{{"a", "end"}, {"b", "more"}}, .paused = true}};
  CHECK(mr::to_dot(run) == R"(digraph pipeline {
  rankdir=LR;
  node [shape=box];
  events [shape=plaintext];
  subgraph cluster_0 {
    label="worker 0";
    s0 [label="a"];
    s3 [label="end"];
  }
  subgraph cluster_1 {
    label="worker 1";
    s1 [label="b"];
    s2 [label="more"];
  }
  events -> s0;
  events -> s1;
  s0 -> s2;
  s1 -> s2;
  s2 -> s3 [style=bold, label="ring"];
}
)");
}

TEST_CASE("constraints, and a stage that several workers run, for Mermaid") {
  auto crew = three();
  mr::runner run{mr::from<int>() | mr::map<"a">([](int n) { return n; }, mr::stateless) | mr::tap<"b">([](int) {}) | mr::tap<"c">([](int) {}) | mr::tap<"d">([](int) {}) | mr::together<"b", "d"> | mr::apart<"a", "c">, crew,
                 {.plan = mr::groups{{"a"}, {"a", "b", "d"}, {"c"}}, .paused = true}};
  CHECK(mr::to_mermaid(run) == R"(flowchart LR
  events([events])
  subgraph w1[worker 1]
    s1["b"]
    s3["d"]
  end
  subgraph w2[worker 2]
    s2["c"]
  end
  s0["a<br>by workers 0 1"]
  events --> s0
  s0 --> s1
  s1 --> s2
  s2 --> s3
  s0 -.-|apart| s2
  s1 -.-|together| s3
)");
}

TEST_CASE("an own source has nobody before it; a plan that is applied is drawn; a stage that is apart says so") {
  auto crew = three();
  mr::runner run{mr::generate([]() -> std::optional<int> { return {}; }) | mr::tap<"a\"b">([](int) {}) | mr::tap<"slow">([](int) {}) | mr::apart<"slow">, crew, {.paused = true}};
  CHECK(mr::to_mermaid(run) == "flowchart LR\n  subgraph w0[worker 0]\n    s0[\"source\"]\n    s1[\"a#quot;b\"]\n  end\n  subgraph w1[worker 1]\n    s2[\"slow<br>(apart from all)\"]\n  end\n  s0 --> s1\n  s1 --> s2\n");
  REQUIRE(run.apply(mr::groups{{"source"}, {"slow"}, {"a\"b"}}) == mr::status::ok);
  auto const dot = mr::to_dot(run);
  CHECK(dot.find("  subgraph cluster_2 {\n    label=\"worker 2\";\n    s1 [label=\"a\\\"b\"];\n  }\n") != std::string::npos);
  CHECK(dot.find("s2 [label=\"slow\\n(apart from all)\"];") != std::string::npos);
  CHECK(dot.find("events") == std::string::npos);
}
