// SPDX-License-Identifier: MIT
// std::thread, std::mutex: what the library starts and takes.
#pragma once
#include <functional>
#include <tuple>
#include <type_traits>
#include <utility>

#include "model/platform_faults.hpp"
#include "model/simulation.hpp"

namespace millrace::model {

class thread {
 public:
  class id {
   public:
    id() = default;
    explicit id(unsigned n) noexcept : n_{n + 1} {}
    friend auto operator==(id, id) -> bool = default;
    friend auto operator<=>(id, id) = default;

   private:
    unsigned n_ = 0;
  };

  thread() noexcept = default;
  template <typename F, typename... A>
    requires(!std::is_same_v<std::remove_cvref_t<F>, thread>)
  explicit thread(F&& f, A&&... a) {
    fault_point(fault_site::spawn);
    number_ = world.spawn(std::make_unique<call<std::decay_t<F>, std::decay_t<A>...>>(std::forward<F>(f), std::forward<A>(a)...));
    runs_ = true;
  }
  thread(thread&& o) noexcept : number_{o.number_}, runs_{std::exchange(o.runs_, false)} {}
  auto operator=(thread&& o) noexcept -> thread& {
    if (runs_) world.fail("a thread is replaced that was not joined");
    number_ = o.number_;
    runs_ = std::exchange(o.runs_, false);
    return *this;
  }
  ~thread() {
    if (runs_ && world.running()) world.fail("a thread is dropped that was not joined");
  }

  [[nodiscard]] auto joinable() const noexcept -> bool { return runs_; }
  void join() {
    world.join(number_);
    runs_ = false;
  }
  [[nodiscard]] auto get_id() const noexcept -> id { return runs_ ? id{number_} : id{}; }
  [[nodiscard]] static auto hardware_concurrency() noexcept -> unsigned { return 2; }

 private:
  template <typename F, typename... A>
  struct call final : task {
    F f;
    std::tuple<A...> a;
    template <typename G, typename... B>
    explicit call(G&& g, B&&... b) : f(std::forward<G>(g)), a(std::forward<B>(b)...) {}
    void run() override {
      std::apply([this](auto&... x) { std::invoke(std::move(f), std::move(x)...); }, a);
    }
  };

  unsigned number_ = 0;
  bool runs_ = false;
};

class mutex {
 public:
  mutex() = default;
  mutex(mutex const&) = delete;
  auto operator=(mutex const&) -> mutex& = delete;

  void lock() noexcept {
    if (!world.running()) return;
    world.point();
    while (held_) world.block(this, "for a mutex", no_deadline, false);
    take();
  }
  [[nodiscard]] auto try_lock() noexcept -> bool {
    if (!world.running()) return true;
    world.point();
    if (held_) return false;
    take();
    return true;
  }
  void unlock() noexcept {
    if (!world.running()) return;
    world.point();
    if (!held_ || by_ != world.self()) world.fail("a mutex is unlocked by who does not hold it");
    auto& me = world.me();
    released_ = me.knows;
    ++me.knows.at[world.self()];
    held_ = false;
    if (world.tracing()) world.note("unlocks " + world.name_at(this));
    world.wake(this);
    world.point();  // what should have been done under the lock, and is not in a cell, comes too late
  }

 private:
  void take() noexcept {
    held_ = true;
    by_ = world.self();
    world.me().knows.join(released_);
    if (world.tracing()) world.note("locks " + world.name_at(this));
  }

  clock released_{};
  bool held_ = false;
  unsigned by_ = 0;
};

}  // namespace millrace::model
