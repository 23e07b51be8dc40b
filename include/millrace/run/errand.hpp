// SPDX-License-Identifier: MIT
// A job beside the stages that can be called back: one worker has it, until it is done or somebody calls it back.
#pragma once
#include <cstddef>
#include <memory>
#include <utility>

#include <millrace/base/config.hpp>
#include <millrace/run/job.hpp>
#include <millrace/sync/cursor.hpp>
#include <millrace/sync/patience.hpp>

namespace millrace {

template <typename Engine, typename Crew>
class errand : public job {
  using platform = typename Engine::platform;

 public:
  errand(Engine& of, std::shared_ptr<Crew> on) : engine_{of}, crew_{std::move(on)} { wait_ = of.wait(); }

  /// Its worker may still touch it.
  [[nodiscard]] auto running() const noexcept -> bool { return gone_.published() == 0; }
  /// Waits until it is no longer running; where no thread of the program's own attends to its worker, does his work. False: the calling
  /// thread would wait for itself.
  MILLRACE_COLD auto call_back() -> bool {
    if (!running()) return true;
    if (crew_->on_board()) return false;
    recalled_.publish(1);
    crew_->where_they_sleep()->of[worker_].alert();
    return crew_->await(engine_.wait(), engine_.others(), for_ever, [&] { return !running(); }, [] {});
  }
  MILLRACE_COLD void put_down(std::size_t) noexcept final {}  // it holds nothing that others want
  MILLRACE_COLD auto due(std::size_t) noexcept -> std::int64_t override { return INT64_MAX; }
  MILLRACE_COLD void leave(std::size_t) noexcept final {
    auto& e = engine_;  // it stays: its end waits for its members
    returns();
    gone_.publish(1);  // from here on this object may be gone
    e.others().alert();
    e.course().leaves([&] { e.others().alert(); });
  }

 protected:
  /// Gives it to a worker. If the pipeline has ended it is not running.
  /// Throws     as crew::hire; then it is not running.
  MILLRACE_COLD void send(std::size_t worker) {
    worker_ = worker;
    if (!engine_.course().joins_late()) return;
    gone_.publish(0);
    try {
      crew_->hire(worker, *this);
    } catch (...) {
      gone_.publish(1);
      engine_.course().leaves([&] { engine_.others().alert(); });
      throw;
    }
  }
  /// To be called at each turn of the worker's: whether it is over.
  [[nodiscard]] auto recalled() const noexcept -> bool { return recalled_.published() != 0; }
  /// Its worker hears that something has changed which no cursor tells.
  void alert() const noexcept { crew_->where_they_sleep()->of[worker_].alert(); }
  /// The last thing that its worker does.
  virtual void returns() noexcept {}
  [[nodiscard]] auto engine() const noexcept -> Engine& { return engine_; }

 private:
  using flag = cursor<platform, site::version_publish, site::version_read>;
  Engine& engine_;
  std::shared_ptr<Crew> crew_;
  std::size_t worker_ = 0;
  flag recalled_, gone_{1};
};

}  // namespace millrace
