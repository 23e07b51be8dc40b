// SPDX-License-Identifier: MIT
// Ends the program if nothing moves for a long time, and says where everything stands. Long enough to be no judge of speed: a
// machine may stop for seconds, a lost wake-up lasts for ever.
#pragma once
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "storm/subject.hpp"

namespace storm {

class watchdog {
 public:
  explicit watchdog(std::chrono::seconds patience) : patience_{patience}, thread_{[this] { watch(); }} {}
  ~watchdog() {
    {
      std::lock_guard const g{mutex_};
      over_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }
  watchdog(watchdog const&) = delete;
  auto operator=(watchdog const&) -> watchdog& = delete;

  /// A round begins; `repeat` is the command that repeats it.
  void round(std::string repeat) {
    std::lock_guard const g{mutex_};
    repeat_ = std::move(repeat);
    ++beats_;
  }
  void heard() {
    std::lock_guard const g{mutex_};
    ++beats_;
  }
  /// Looks after a subject that has a runner.
  class guarded {
   public:
    guarded(watchdog& dog, subject& s) : dog_{dog}, subject_{s} {
      std::lock_guard const g{dog_.mutex_};
      dog_.subjects_.push_back(&s);
    }
    ~guarded() {
      std::lock_guard const g{dog_.mutex_};
      std::erase(dog_.subjects_, &subject_);
      ++dog_.beats_;
    }
    guarded(guarded const&) = delete;
    auto operator=(guarded const&) -> guarded& = delete;

   private:
    watchdog& dog_;
    subject& subject_;
  };

 private:
  void watch() {
    std::unique_lock g{mutex_};
    std::uint64_t last = 0;
    auto since = std::chrono::steady_clock::now();
    while (!changed_.wait_for(g, std::chrono::seconds{1}, [this] { return over_; })) {
      auto now = beats_;
      for (auto* const s : subjects_)
        for (std::size_t k = 0; k < s->stages().size(); ++k) now += s->reached(k);
      if (std::exchange(last, now) != now) since = std::chrono::steady_clock::now();
      else if (std::chrono::steady_clock::now() - since >= patience_) bark();
    }
  }
  [[noreturn]] void bark() const {
    std::fprintf(stderr, "storm: nothing has moved for %lld s. To repeat:\n  %s\n", static_cast<long long>(patience_.count()), repeat_.c_str());
    for (auto* const s : subjects_) std::fprintf(stderr, "%s", s->state().c_str());
    std::fflush(stderr);
    std::abort();
  }

  std::chrono::seconds patience_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool over_ = false;
  std::uint64_t beats_ = 0;
  std::string repeat_;
  std::vector<subject*> subjects_;
  std::thread thread_;  // last: it uses the others
};

}  // namespace storm
