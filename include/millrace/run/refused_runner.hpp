// SPDX-License-Identifier: MIT
// A runner of a sentence that does not compile: it accepts everything, so that the one error stays the one about the sentence.
#pragma once
#include <cstddef>

#include <millrace/base/status.hpp>
#include <millrace/run/report.hpp>
#include <millrace/run/runner.hpp>

namespace millrace {

template <typename Platform>
class runner<refused, Platform> {
 public:
  struct input_of_nothing {
    using of_nothing = void;
    template <typename... Anything>
    auto publish(Anything&&...) -> status { return status::closed; }
    template <typename... Anything>
    auto try_publish(Anything&&...) -> status { return status::closed; }
    template <typename... Anything>
    auto publish_for(Anything&&...) -> status { return status::closed; }
    template <typename... Anything>
    auto publish_up_to(Anything&&...) -> published { return {status::closed, 0}; }
    template <typename... Anything>
    auto try_publish_up_to(Anything&&...) -> published { return {status::closed, 0}; }
    struct claim_of_nothing {
      int* from = nullptr;
      explicit operator bool() const { return false; }
      auto what() const -> status { return status::closed; }
      auto size() const -> std::size_t { return 0; }
      auto begin() const -> int* { return from; }
      auto end() const -> int* { return from; }
      auto publish() -> status { return status::closed; }
      void abandon() {}
    };
    template <typename... Anything>
    auto claim(Anything&&...) -> claim_of_nothing { return {}; }
    template <typename... Anything>
    auto try_claim(Anything&&...) -> claim_of_nothing { return {}; }
    template <typename... Anything>
    auto claim_for(Anything&&...) -> claim_of_nothing { return {}; }
    auto closed() const -> bool { return true; }
  };

  template <typename... Anything>
  explicit runner(Anything&&...) {}
  template <typename P, typename W>
  runner(P&&, W&, runner_options const&) {}
  template <typename P>
  runner(P&&, runner_options const&) {}

  void start() {}
  template <typename Plan>
  auto apply(Plan const&) -> status { return status::closed; }
  auto current_plan() const -> plan { return {}; }
  auto input() -> input_of_nothing { return {}; }
  auto flush() -> status { return status::closed; }
  template <typename Duration>
  auto flush_within(Duration) -> status { return status::closed; }
  auto finish() -> report { return {}; }
  template <typename Duration>
  auto finish_within(Duration) -> report { return {}; }
  void stop() {}
  void work_on_this_thread(std::size_t = 0) {}
  template <typename Duration>
  auto work_for(Duration, std::size_t = 0) -> bool { return false; }
  auto work_some(std::size_t = 0) -> bool { return false; }
};

template <typename Platform>
auto snapshot(runner<refused, Platform> const&) -> char const* { return ""; }
template <typename... Events>
auto run_inline(refused, Events&&...) -> sequence { return 0; }

}  // namespace millrace
