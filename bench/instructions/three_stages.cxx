// SPDX-License-Identifier: MIT
// three_stages source|producer EVENTS SLOWER: so many events through three stages on one worker, all on this thread, so that the same instructions
// are executed each time. With -DMEASURED metrics are counted and a scheduler looks on, and says what it would do; else whatever counts for
// metrics does nothing. The clock goes SLOWER times as slow as it does: for who runs the program slowed down so much. Prints ns an event.
#include <millrace/sync/tally.hpp>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>

struct machine : millrace::std_platform {
  static inline std::int64_t slower = 1;
  static auto now() noexcept -> std::int64_t { return millrace::std_platform::now() / slower; }
};
#ifndef MEASURED
template <>
class millrace::tally<machine> {
 public:
  void add(std::int64_t) noexcept {}
  void add_shared(std::int64_t) noexcept {}
  void raise_to(std::int64_t) noexcept {}
  [[nodiscard]] auto read() const noexcept -> std::int64_t { return 0; }
};
#endif

#include <millrace.hpp>
#include <millrace/run/schedule.hpp>

namespace mr = millrace;

namespace {

auto opaque(std::int64_t x) noexcept -> std::int64_t {
  asm volatile("" : "+r"(x));
  return x;
}

template <typename Sentence, typename Drive>
void go(Sentence&& sentence, std::int64_t events, Drive drive) {
  std::int64_t count = 0;
  mr::basic_workers<machine> crew{{.max = 1, .own_threads = true}};
  mr::runner run{std::forward<Sentence>(sentence) | mr::map<"sum">([](std::int64_t x) { return opaque(x + 7); }) |
                     mr::map<"plus three">([](std::int64_t x) { return opaque(x + 3); }) | mr::tap<"count">([&count](std::int64_t x) { count = opaque(count + (x >= 10)); }),
                 crew, {.capacity = 8192}};
#ifdef MEASURED
  mr::schedule_options o;
  o.advice_only = true;
  auto const scheduler = mr::schedule(run, o);
#endif
  auto const begin = std::chrono::steady_clock::now();
  drive(run);
  if (!run.finish().ok() || count != events) std::abort();
  std::printf("%.3f\n", std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - begin).count() / static_cast<double>(events));
#ifdef MEASURED
  if (scheduler->error() != nullptr) std::abort();
#endif
}

}  // namespace

auto main(int words, char** word) -> int {
  if (words < 4) return 2;
  auto const events = std::atoll(word[2]);
  machine::slower = std::atoll(word[3]);
  if (std::strcmp(word[1], "source") == 0) {
    auto const source = [events, next = std::int64_t{0}]() mutable -> std::optional<std::int64_t> {
      if (next == events) return {};
      return next = opaque(next + 1), next - 1;
    };
    go(mr::generate(source), events, [](auto& run) { run.work_on_this_thread(0); });
    return 0;
  }
  go(mr::from<std::int64_t>(), events, [events](auto& run) {
    auto in = run.input();
    for (std::int64_t n = 0; n < events;) {
      for (int k = 0; k < 512 && n < events; ++k, ++n)
        if (in.publish([n](std::int64_t& e) { e = n; }) != mr::status::ok) std::abort();
      run.work_some();
    }
  });
  return 0;
}
