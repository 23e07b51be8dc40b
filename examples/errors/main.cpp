// SPDX-License-Identifier: MIT
// Lines of text that ought to be numbers: what cannot be read is diverted to a list of its own, with the reason; a store that
// fails now and then is tried again. Returns 0 if nothing is lost.
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

#include <millrace.hpp>
namespace mr = millrace;
using namespace std::chrono_literals;

struct flaky_store {  // every third attempt fails
  long sum = 0;
  int attempts = 0;
  void add(int n) {
    if (++attempts % 3 == 0) throw std::runtime_error{"the store does not answer"};
    sum += n;
  }
};

// [errors]
int main() {
  flaky_store store;
  std::vector<std::string> rejected;
  auto import = mr::from<std::string>()
              | mr::map<"parse">([](std::string const& line) { return std::stoi(line); },
                                 mr::on_error(mr::divert<"rejects">([&](std::string const& line, std::exception_ptr const& why) {
                                   try {
                                     std::rethrow_exception(why);
                                   } catch (std::exception const& e) {
                                     rejected.push_back(line + ": " + e.what());
                                   }
                                 })))
              | mr::tap<"store">([&](int n) { store.add(n); }, mr::idempotent, mr::on_error(mr::retry(5, 10us)));

  mr::runner run{std::move(import)};
  auto in = run.input();
  for (int i = 0; i < 10'000; ++i)
    if (in.publish([&](std::string& line) { line = i % 100 == 50 ? "what?" : std::to_string(i); }) != mr::status::ok) break;
  auto const report = run.finish();
  report.rethrow();  // a store that failed five times in a row would have stopped the runner
  // [/errors]

  long right = 0;
  for (int i = 0; i < 10'000; ++i) right += i % 100 == 50 ? 0 : i;
  auto const first = rejected.empty() ? std::string{"nothing"} : rejected.front();
  std::printf("%ld lines failed, the first because of %s; the others add up to %ld\n", static_cast<long>(report.failed), first.c_str(), store.sum);
  return report.failed == 100 && rejected.size() == 100 && store.sum == right ? 0 : 1;
}
