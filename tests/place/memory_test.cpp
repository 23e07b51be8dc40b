// SPDX-License-Identifier: MIT
#include <millrace/place/memory.hpp>

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <millrace/place/allowed.hpp>

#include "place/machines.hpp"
#include "support/catch.hpp"

using namespace millrace;

namespace {
/// Fresh memory that begins and ends amid a page.
struct memory {
  static constexpr std::size_t bytes = (std::size_t{1} << 20) + 777;
  std::unique_ptr<unsigned char[]> all{new unsigned char[bytes + 100]};
  auto start() const -> unsigned char* { return all.get() + 100; }
  auto holds_what_is_written() const -> bool {
    for (std::size_t i = 0; i < bytes; ++i) start()[i] = static_cast<unsigned char>(i * 31);
    for (std::size_t i = 0; i < bytes; ++i)
      if (start()[i] != static_cast<unsigned char>(i * 31)) return false;
    return true;
  }
};
constexpr char const* two_nodes = "numa:2 core:2 pu:1";

/// What becomes of a sound request: containers may forbid to bind memory at all.
auto sound() -> binding {
  if (::syscall(SYS_mbind, nullptr, 0, 0, nullptr, 0, 0) == 0) return binding::done;
  return errno == ENOSYS ? binding::unsupported : binding::refused;
}
/// And of one for a node that is not there.
auto unsound() -> binding { return sound() == binding::unsupported ? binding::unsupported : binding::refused; }
}  // namespace

TEST_CASE("memory bound to the nodes of this machine is as good as any") {
  auto const t = topology::machine();
  memory const m;
  auto const what = bind_memory(t, m.start(), memory::bytes, allowed_cpus());
  CHECK(what == (t.nodes() == 1 ? binding::unneeded : sound()));
  CHECK(m.holds_what_is_written());
}

TEST_CASE("the first node of a machine that is believed to have two can be bound to") {
  places::believed const lie{two_nodes};
  auto const t = topology::machine();
  REQUIRE(t.nodes() == 2);
  auto const* const first = t.find(allowed_cpus().front());
  if (first == nullptr || first->node != 0) return;  // this thread may only use processors that the description lacks
  memory const m;
  CHECK(bind_memory(t, m.start(), memory::bytes, {first->cpu}) == sound());
  CHECK(bind_memory(t, m.start(), memory::bytes, {unpinned, first->cpu, first->cpu}) == sound());
  CHECK(m.holds_what_is_written());
}

TEST_CASE("memory that cannot be bound is as good as any, and whoever asked is told why") {
  auto const other = topology::synthetic(two_nodes);
  memory const m;
  SECTION("nobody is pinned") {
    CHECK(bind_memory(other, m.start(), memory::bytes, {}) == binding::unneeded);
    CHECK(bind_memory(other, m.start(), memory::bytes, {unpinned}) == binding::unneeded);
  }
  SECTION("no such processor") { CHECK(bind_memory(other, m.start(), memory::bytes, {0, 4}) == binding::unknown_cpu); }
  SECTION("nothing known of the machine") {
    CHECK(bind_memory(topology{}, m.start(), memory::bytes, {0}) == binding::unknown_cpu);
  }
  SECTION("another machine") { CHECK(bind_memory(other, m.start(), memory::bytes, {0}) == binding::another_machine); }
  SECTION("a node that the system does not have") {
    places::believed const lie;
    auto const t = topology::synthetic("numa:64 core:1 pu:1");
    CHECK(bind_memory(t, m.start(), memory::bytes, {63}) == unsound());
    CHECK(bind_memory(t, m.start(), memory::bytes, {62, 63}) == unsound());
  }
  CHECK(m.holds_what_is_written());
}

TEST_CASE("memory without a whole page is left alone") {
  places::believed const lie;
  auto const t = topology::synthetic("numa:64 core:1 pu:1");  // that would be refused
  auto const page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  std::vector<unsigned char> v(3 * page);
  auto const past = reinterpret_cast<std::uintptr_t>(v.data()) % page;
  auto* const edge = v.data() + (page - past) % page;  // where a page begins
  CHECK(bind_memory(t, edge, page - 1, {63}) == binding::unneeded);
  CHECK(bind_memory(t, edge + 1, page + page - 2, {63}) == binding::unneeded);
  CHECK(bind_memory(t, edge + 1, 2 * page - 1, {63}) == unsound());
  CHECK(bind_memory(t, edge, page, {63}) == unsound());
  CHECK(bind_memory(t, nullptr, 0, {63}) == binding::unneeded);
}
