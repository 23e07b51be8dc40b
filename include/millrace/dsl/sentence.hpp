// SPDX-License-Identifier: MIT
// The sentence: how a pipeline is written.
//
//   mr::from<Event>() | mr::change<"decode">(f) | mr::map<"price">(g) | mr::filter<"live">(h) | mr::tap<"publish">(t)
//
// What flows on is the nearest result: a map's result, and until there is one the event; taps, changes and filters pass on what
// reached them. A stage takes what flows by, or values by name (`mr::takes`).
#pragma once
#include <millrace/dsl/from.hpp>       // where it begins
#include <millrace/dsl/merge.hpp>      // several sources
#include <millrace/dsl/bar.hpp>        // the bar between its pieces
#include <millrace/dsl/options.hpp>    // in_batches, takes
#include <millrace/dsl/replies.hpp>      // replies: futures of what flows out
#include <millrace/dsl/verbs.hpp>      // tap, change, map, filter
#include <millrace/dsl/into.hpp>       // into another runner
#include <millrace/dsl/fan_out.hpp>    // fan_out, after
#include <millrace/dsl/constrain.hpp>  // together, apart
#include <millrace/dsl/visitor.hpp>    // on_worker: what comes while it runs
#include <millrace/dsl/whole.hpp>      // what a runner asks
