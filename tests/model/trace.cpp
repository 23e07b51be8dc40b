// SPDX-License-Identifier: MIT
// What a run says of itself when it is repeated to be read.
#include <cinttypes>
#include <cstdio>

#include "model/simulation.hpp"

namespace millrace::model {

void simulation::name_range(void const* from, std::size_t bytes, std::string name) {
  ranges_.push_back({from, bytes, std::move(name)});
}

auto simulation::name_at(void const* where) const -> std::string {
  range const* best = nullptr;  // the smallest that holds it
  auto const at = reinterpret_cast<std::uintptr_t>(where);
  for (auto const& r : ranges_) {
    auto const from = reinterpret_cast<std::uintptr_t>(r.from);
    if (at >= from && at < from + r.bytes && (best == nullptr || r.bytes < best->bytes)) best = &r;
  }
  if (best == nullptr) return "?";
  auto const offset = at - reinterpret_cast<std::uintptr_t>(best->from);
  return offset == 0 ? best->name : best->name + "+" + std::to_string(offset);
}

auto simulation::thread_name(unsigned t) const -> std::string {
  auto const* const n = threads_[t].name;
  return n[0] != 0 ? std::to_string(t) + " " + n : std::to_string(t);
}

void simulation::note(std::string line) {
  if (count_ < 2) return;  // still making things
  char head[64];
  std::snprintf(head, sizeof head, "%5" PRIu32 "  %-14s  ", steps_, thread_name(current_).c_str());
  trace_.push_back(head + std::move(line));
}

void simulation::note(char const* what, void const* where, long long value, char const* order) {
  auto line = std::string{what} + " " + name_at(where) + " = " + std::to_string(value);
  if (order != nullptr) line += std::string{"  "} + order;
  if (auto const s = threads_[current_].last_site; s != most_sites) {
    line += "  @" + std::string{site_names[s]};
    if (weakened_[s]) line += " (weakened)";
  }
  no_note();
  note(std::move(line));
}

auto simulation::who_waits() const -> std::string {
  std::string all;
  for (unsigned t = 0; t < count_; ++t) {
    if (!alive(t)) continue;
    all += " [" + thread_name(t);
    if ((ready_ >> t & 1) != 0) all += (spinning_ >> t & 1) != 0 ? " looks in vain]" : " runs]";
    else all += std::string{" sleeps "} + threads_[t].waits_how + "]";
  }
  return all;
}

}  // namespace millrace::model
