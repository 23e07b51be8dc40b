// SPDX-License-Identifier: MIT
// A class that runs a pipeline, as its users see it: no sentence, no handlers, and only two small headers of Millrace.
#pragma once
#include <memory>
#include <string>

#include <millrace/run/any_input.hpp>
#include <millrace/run/any_runner.hpp>

// [any_input]
struct measurement {
  std::string where;
  double value;
};

class averages {
 public:
  averages();
  ~averages();
  auto add(measurement m) -> bool;             // false after end()
  auto end() -> millrace::report;              // all that was added is done
  auto of(std::string const& where) -> double; // after end()

 private:
  struct state;                                // what the handlers use; declared first, destroyed last
  std::unique_ptr<state> state_;
  millrace::any_runner run_;                   // whatever the pipeline is: changing it recompiles one file
  millrace::any_input<measurement> in_;        // one indirect call for each publish
};
// [/any_input]
