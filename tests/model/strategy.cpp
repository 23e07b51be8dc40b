// SPDX-License-Identifier: MIT
#include "model/strategy.hpp"

#include <bit>

namespace millrace::model {

namespace {

auto nth(thread_mask set, unsigned n) noexcept -> unsigned {
  for (; n != 0; --n) set &= set - 1;
  return static_cast<unsigned>(std::countr_zero(set));
}

}  // namespace

void strategy::begin(schedule const& s) {
  how_ = s.how;
  state_ = s.seed;
  lowest_ = 0;
  step_ = 0;
  depth_ = 0;
  preemptions_left_ = s.bound;
  given_ = s.path;
  change_count_ = 0;
  for (auto& n : in_a_row_) n = 0;
  if (how_ == scheduler::pct) {
    change_count_ = static_cast<unsigned>(random() % 5);  // depth 1 to 5
    for (unsigned i = 0; i < change_count_; ++i) changes_[i] = 1 + static_cast<std::uint32_t>(random() % s.length);
  }
}

auto strategy::random() noexcept -> std::uint64_t {  // splitmix64
  auto z = state_ += 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

auto strategy::decide(unsigned n) noexcept -> unsigned {
  if (depth_ == tree_.size()) tree_.push_back({static_cast<std::uint8_t>(n), depth_ < given_.size() ? given_[depth_] : std::uint8_t{0}});
  return tree_[depth_++].taken;
}

auto strategy::pick(unsigned n) noexcept -> unsigned {
  if (n < 2) return 0;
  if (how_ == scheduler::exhaustive) return decide(n);
  auto const r = random();
  return (r & 1) != 0 ? 0 : static_cast<unsigned>((r >> 1) % n);
}

auto strategy::any(unsigned n) noexcept -> unsigned {
  if (n < 2) return 0;
  return how_ == scheduler::exhaustive ? decide(n) : static_cast<unsigned>(random() % n);
}

void strategy::born(unsigned t) noexcept {
  if (how_ == scheduler::pct) priority_[t] = static_cast<std::int64_t>(random() >> 2) + 1;
}

void strategy::hurries(unsigned t) noexcept { priority_[t] = INT64_MAX; }

void strategy::yielded(unsigned t) noexcept { priority_[t] = --lowest_; }

auto strategy::next(thread_mask can, unsigned current) noexcept -> unsigned {
  auto const stays = (can >> current & 1) != 0;
  if (how_ == scheduler::pct) {
    ++step_;
    for (unsigned i = 0; i < change_count_; ++i)
      if (changes_[i] == step_) yielded(current);
    if ((can & (can - 1)) == 0) return nth(can, 0);
    if (++in_a_row_[current] > most_in_a_row) {  // somebody loops without a hint
      yielded(current);
      for (auto& n : in_a_row_) n = 0;
    }
    auto best = nth(can, 0);
    for (auto rest = can & (can - 1); rest != 0; rest &= rest - 1)
      if (auto const t = nth(rest, 0); priority_[t] > priority_[best]) best = t;
    return best;
  }
  auto const n = static_cast<unsigned>(std::popcount(can));
  if (n == 1) return nth(can, 0);
  if (how_ == scheduler::random) return nth(can, static_cast<unsigned>(random() % n));
  if (!stays) return nth(can, decide(n));
  if (preemptions_left_ == 0) return current;
  auto const i = decide(n);  // 0: goes on
  if (i == 0) return current;
  --preemptions_left_;
  return nth(can & ~(thread_mask{1} << current), i - 1);
}

auto strategy::advance() -> bool {
  tree_.resize(depth_ < tree_.size() ? depth_ : tree_.size());
  given_.clear();
  while (!tree_.empty()) {
    if (++tree_.back().taken < tree_.back().of) return true;
    tree_.pop_back();
  }
  return false;
}

auto strategy::path() const -> std::vector<std::uint8_t> {
  std::vector<std::uint8_t> taken;
  for (std::size_t i = 0; i < depth_; ++i) taken.push_back(tree_[i].taken);
  while (!taken.empty() && taken.back() == 0) taken.pop_back();
  return taken;
}

}  // namespace millrace::model
