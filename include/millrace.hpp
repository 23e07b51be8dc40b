// SPDX-License-Identifier: MIT
// Millrace: pipelines of typed stages over a ring buffer. The includes, in order, are the table of contents.
#pragma once

#include <millrace/base/capacity.hpp>
#include <millrace/base/config.hpp>
#include <millrace/base/errors.hpp>
#include <millrace/base/sequence.hpp>
#include <millrace/base/status.hpp>

#include <millrace/sync/wait_policy.hpp>

#include <millrace/ring/multi_producer.hpp>
#include <millrace/ring/single_producer.hpp>

#include <millrace/place/caches.hpp>
#include <millrace/place/placement.hpp>
#include <millrace/place/topology.hpp>

#include <millrace/stage/batch.hpp>
#include <millrace/stage/hooks.hpp>
#include <millrace/stage/keyed_state.hpp>

#include <millrace/plan/grouping.hpp>
#include <millrace/plan/plan.hpp>
// #include <millrace/plan/replay.hpp>  // the scheduler: 0.3 s of compile time, for those who use it

#include <millrace/run/any_input.hpp>
#include <millrace/run/any_runner.hpp>
#include <millrace/run/crew.hpp>
// #include <millrace/run/diagram.hpp>  // a runner as a picture, for Graphviz and Mermaid
// #include <millrace/run/latency_histogram.hpp>  // how long events take from end to end
// #include <millrace/run/prometheus.hpp>  // snapshots for Prometheus
#include <millrace/run/refused_runner.hpp>
#include <millrace/run/run_inline.hpp>
#include <millrace/run/runner.hpp>
// #include <millrace/run/schedule.hpp>  // mr::schedule(run), which uses it
#include <millrace/run/snapshot.hpp>
// #include <millrace/run/trace.hpp>  // what happened over time, for Perfetto
#include <millrace/run/watchdog.hpp>

#include <millrace/async/coroutine.hpp>
#include <millrace/async/executor.hpp>
#include <millrace/async/future.hpp>
#include <millrace/async/results.hpp>
#include <millrace/async/when.hpp>

#include <millrace/dsl/sentence.hpp>
