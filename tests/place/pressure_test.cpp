// SPDX-License-Identifier: MIT
#include <millrace/place/pressure.hpp>

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#if defined(__linux__)
#include <sys/wait.h>
#include <unistd.h>
#endif

#include "support/catch.hpp"

TEST_CASE("a thread's wait for its processor is known, or said to be unknown") {
  auto const here = millrace::number_of_this_thread();
  auto const first = millrace::run_queue_wait(here);
  CHECK(first >= -1);
  if (first >= 0) CHECK(millrace::run_queue_wait(here) >= first);  // it only grows
  CHECK(millrace::run_queue_wait(-5) == -1);                       // nobody's
  std::int64_t other = here;
  std::thread{[&] { other = millrace::number_of_this_thread(); }}.join();
#if defined(__linux__)
  CHECK(other != here);
#endif
}

TEST_CASE("quotas are in processors") {
  CHECK(millrace::cpu_quota() >= 0);
  auto const left = millrace::cpus_of_group();
  CHECK(left >= 0);
  CHECK(left == static_cast<int>(left));
  CHECK((left == 0 || left >= 1));
}

#if defined(__linux__)
namespace {

/// A tree of files as the system shows groups, until the test is over.
struct groups {
  std::filesystem::path at = std::filesystem::temp_directory_path() / ("millrace_groups_" + std::to_string(::getpid()));
  groups() { std::filesystem::create_directories(at); }
  groups(groups const&) = delete;
  auto operator=(groups const&) -> groups& = delete;
  ~groups() { std::filesystem::remove_all(at); }
  void put(std::string const& name, std::string const& text) const {
    std::filesystem::create_directories((at / name).parent_path());
    std::ofstream{at / name} << text;
  }
  auto quota(std::string const& mine) const -> double {
    put("mine", mine);
    return millrace::cpu_quota(at.c_str(), (at / "mine").c_str());
  }
};

}  // namespace

TEST_CASE("the quota of a group of version 2, and of those that it is in") {
  groups const g;
  CHECK(g.quota("0::/\n") == 0);
  g.put("cpu.max", "max 100000\n");
  CHECK(g.quota("0::/\n") == 0);
  g.put("cpu.max", "350000 100000\n");
  CHECK(g.quota("0::/\n") == 3.5);
  CHECK(g.quota("") == 3.5);
  CHECK(g.quota("0::/not/here\n") == 3.5);  // a path of outside the container
  g.put("service/worker/cpu.max", "max 100000\n");
  CHECK(g.quota("0::/service/worker\n") == 3.5);
  g.put("service/cpu.max", "50000 100000\n");
  CHECK(g.quota("0::/service/worker\n") == 0.5);
  CHECK(g.quota("0::/service\n") == 0.5);
  CHECK(g.quota("0::/\n") == 3.5);
  g.put("service/cpu.max", "nonsense\n");
  CHECK(g.quota("0::/service/worker\n") == 3.5);
  CHECK(millrace::cpu_quota(g.at.c_str(), "/no/such/file") == 3.5);
}

TEST_CASE("the quota of a group of version 1, whatever else its line lists") {
  groups const g;
  g.put("cpu/cpu.cfs_quota_us", "-1\n"), g.put("cpu/cpu.cfs_period_us", "100000\n");
  CHECK(g.quota("3:cpu:/\n") == 0);
  g.put("cpu/a/cpu.cfs_quota_us", "25000\n"), g.put("cpu/a/cpu.cfs_period_us", "50000\n");
  for (char const* const mine : {"3:cpu:/a\n", "4:cpu,cpuacct:/a\n", "4:cpuacct,cpu:/a\n0::/\n", "12:pids:/x\n4:cpu,cpuacct:/a/b\n"}) {
    CAPTURE(mine);
    CHECK(g.quota(mine) == 0.5);
  }
  for (char const* const mine : {"3:cpuset:/a\n", "3:cpuacct:/a\n", "3:cpu:/\n", "3:cpu\n", "nonsense\n"}) {
    CAPTURE(mine);
    CHECK(g.quota(mine) == 0);
  }
  g.put("cpu/cpu.cfs_quota_us", "10000\n");
  CHECK(g.quota("3:cpu:/a\n") == 0.1);
}

TEST_CASE("processors of a group are counted from a list of numbers and ranges") {
  groups const g;
  CHECK(millrace::cpus_of_group(g.at.c_str()) == 0);
  g.put("cpuset/cpuset.effective_cpus", "5\n");
  CHECK(millrace::cpus_of_group(g.at.c_str()) == 1);
  g.put("cpuset.cpus.effective", "0-3,8,10-11\n");
  CHECK(millrace::cpus_of_group(g.at.c_str()) == 7);
  g.put("cpuset.cpus.effective", "\n");
  CHECK(millrace::cpus_of_group(g.at.c_str()) == 1);
}

TEST_CASE("a real group's quota is seen, and seen again when it changes") {
  std::filesystem::path group;
  std::error_code failed;
  for (char const* const root : {"/sys/fs/cgroup/cpu", "/sys/fs/cgroup"}) {
    group = std::filesystem::path{root} / ("millrace_test_" + std::to_string(::getpid()));
    if (std::filesystem::exists(root) && std::filesystem::create_directory(group, failed)) break;
    group.clear();
  }
  if (group.empty()) {
    WARN("left out: no control group can be made here");
    return;
  }
  auto const put = [&](char const* name, std::string const& text) { return static_cast<bool>(std::ofstream{group / name} << text << std::flush); };
  bool const first = std::filesystem::exists(group / "cpu.cfs_quota_us");
  auto const limit = [&](long us) { return first ? put("cpu.cfs_quota_us", std::to_string(us)) : put("cpu.max", (us < 0 ? "max" : std::to_string(us)) + " 100000"); };
  auto const child = ::fork();  // the group has to be empty again to be taken away
  if (child == 0) {
    int wrong = 0;
    if (!limit(-1) || !put("cgroup.procs", std::to_string(::getpid()))) ::_exit(100);
    auto const before = millrace::cpu_quota();
    for (long const us : {50'000L, 150'000L}) wrong += !limit(us) || millrace::cpu_quota() != (before > 0 && before < static_cast<double>(us) / 1e5 ? before : static_cast<double>(us) / 1e5);
    wrong += !limit(-1) || millrace::cpu_quota() != before;
    ::_exit(wrong);
  }
  REQUIRE(child > 0);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  std::filesystem::remove(group, failed);
  REQUIRE(WIFEXITED(status));
  if (WEXITSTATUS(status) == 100) WARN("left out: a control group can be made here, but not used");
  else CHECK(WEXITSTATUS(status) == 0);
}
#endif
