// SPDX-License-Identifier: MIT
// The pipeline, and the ways to run it.
#pragma once
#include <millrace.hpp>

#include <chrono>
#include <cstddef>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "counts.hpp"
#include "files.hpp"
#include "stopwatch.hpp"
#include "table.hpp"
#include "words.hpp"

namespace wordcount {

namespace mr = millrace;

// [wordcount]
/// From files to a table of words. Every event is a block of text; it stays where it is while the stages pass over it.
inline auto pipeline(text_of& text, word_table& table) {
  return mr::generate<block>([&](block& b) { return text.next(b); })       // blocks that end anywhere
       | mr::change<"join">(join_words{})                                  // now they end between two words
       | mr::filter<"text">([](block const& b) { return !b.empty(); })     // nothing is left of the middle of an endless word
       | mr::change<"words">(find_words)                                   // where its words are
       | mr::tap<"count">([&](block const& b) { table.add(b); });          // how often each was seen
}

/// The same pipeline either way: on one thread, or cut where the two halves are about the same work.
inline mr::grouping const fused = mr::fused;
inline mr::grouping const split = mr::groups{{"source", "join", "text", "words"}, {"count"}};
// [/wordcount]

/// What a run goes through while it counts: each plan for some milliseconds, round and round. A single plan stays.
struct course {
  std::vector<mr::grouping> plans;
  std::chrono::milliseconds each{50};
};
inline course const all_fused{{fused}}, all_split{{split}};
inline course const live{{fused, split, mr::groups{{"count"}, {"source", "join", "text", "words"}}, mr::groups{{"source", "words"}, {"join", "text", "count"}}}, std::chrono::milliseconds{3}};

struct result {
  std::unique_ptr<word_table> table = std::make_unique<word_table>();  // the words point into it
  std::vector<counted> words;                                          // sorted
  std::string counts;                                                  // as `uniq -c` writes them
  std::vector<std::string> problems;                                   // files that could not be read
  seconds counting, in_all;                                            // until all is counted; until it is sorted text
  std::size_t changes = 0;                                             // of plan
  double posting = 0;                                                  // seconds that run.apply() took, all changes together
  mr::metrics metrics;
};

/// Counts the words of the files. Calls `progress(share)` now and then meanwhile, with the share that is done, from 0 to 1.
template <typename Progress>
auto count(input_files const& files, course const& plans, Progress progress) -> result {
  result r;
  text_of text{files.paths};
  stopwatch const watch;
  mr::runner run{pipeline(text, *r.table), {.capacity = 32, .plan = plans.plans.front()}};
  auto ended = std::async(std::launch::async, [&] { return run.finish(); });
  while (ended.wait_for(plans.each) == std::future_status::timeout) {
    progress(static_cast<double>(mr::snapshot(run).events.done) * block::usual_size / static_cast<double>(files.bytes));
    if (plans.plans.size() == 1) continue;
    stopwatch const posted;
    if (run.apply(plans.plans[(r.changes + 1) % plans.plans.size()]) == mr::status::ok) ++r.changes;
    r.posting += posted.elapsed().wall;
  }
  ended.get().rethrow();
  r.counting = watch.elapsed();
  r.metrics = mr::snapshot(run);
  r.problems = text.problems();
  r.words = r.table->all();
  sort_by_word(r.words);
  r.counts = as_text(r.words);
  r.in_all = watch.elapsed();
  return r;
}

}  // namespace wordcount
