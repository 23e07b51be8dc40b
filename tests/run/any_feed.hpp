// SPDX-License-Identifier: MIT
// A class whose pipeline only its own source file knows.
#pragma once
#include <string>
#include <vector>

#include <millrace/run/any_runner.hpp>

struct price {
  std::string symbol;
  long cents = 0;
};

class feed {
 public:
  feed();
  [[nodiscard]] auto take(price const& p) -> millrace::status { return in_.publish(p); }
  [[nodiscard]] auto in() -> millrace::any_input<price>& { return in_; }
  [[nodiscard]] auto run() -> millrace::any_runner& { return run_; }
  [[nodiscard]] auto seen() const -> std::vector<std::string> const& { return seen_; }

 private:
  std::vector<std::string> seen_;
  millrace::any_runner run_;  // before the input, so it goes last; either order is well
  millrace::any_input<price> in_;
};
