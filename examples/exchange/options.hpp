// SPDX-License-Identifier: MIT
// The command line.
#pragma once
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace exchange {

inline constexpr char const* usage =
    "usage: exchange [option ...] [FILE]\n"
    "Matches orders: those of a file, or made-up ones.\n"
    "  --orders N           so many made-up orders (200000)\n"
    "  --seed N             others\n"
    "  --producers N        so many threads make them (1)\n"
    "  --rate N             so many a second, on time; without it as fast as can be\n"
    "  --journal FILE       every order is on the disk before it is matched\n"
    "  --replicate H:PORT   and in another process\n"
    "  --trades FILE        trades as lines of text; -: to the standard output\n"
    "  --plan PLAN          fused: all on one worker; two: journal and replicate on one of their own; shared: matching and risk on two;\n"
    "                       spread: over all (two)\n"
    "other ways to run it:\n"
    "  --write FILE         made-up orders to a file\n"
    "  --replica PORT       be the other process; 0: a port that is free. Says the port on the first line\n"
    "  --replay JOURNAL     what a journal comes to\n"
    "  --by-hand            the orders of FILE in a simple loop; --first N of them\n"
    "What the books and accounts come to is one number, the state.\n";

struct options {
  std::string file, journal, replicate, trades, plan = "two", write, replay;
  std::size_t orders = 200'000, producers = 1, rate = 0, first = static_cast<std::size_t>(-1);
  std::uint64_t seed = 1;
  bool replica = false, by_hand = false, help = false;
  std::uint16_t port = 0;
};

/// Throws     std::invalid_argument, with what is wrong.
[[nodiscard]] inline auto parse_options(std::vector<std::string_view> const& arguments) -> options {
  options o;
  for (auto at = arguments.begin(); at != arguments.end(); ++at) {
    auto const name = *at;
    auto const text = [&](std::string& to) {
      if (++at == arguments.end()) throw std::invalid_argument{std::string{name} + " needs a value"};
      to = *at;
    };
    auto const number = [&](auto& to) {
      std::string n;
      text(n);
      if (auto const [end, error] = std::from_chars(n.data(), n.data() + n.size(), to); error != std::errc{} || end != n.data() + n.size())
        throw std::invalid_argument{std::string{name} + " needs a number, not " + n};
    };
    if (name == "--orders") number(o.orders);
    else if (name == "--seed") number(o.seed);
    else if (name == "--producers") number(o.producers);
    else if (name == "--rate") number(o.rate);
    else if (name == "--first") number(o.first);
    else if (name == "--journal") text(o.journal);
    else if (name == "--replicate") text(o.replicate);
    else if (name == "--trades") text(o.trades);
    else if (name == "--plan") text(o.plan);
    else if (name == "--write") text(o.write);
    else if (name == "--replay") text(o.replay);
    else if (name == "--replica") number(o.port), o.replica = true;
    else if (name == "--by-hand") o.by_hand = true;
    else if (name == "--help") o.help = true;
    else if (name.starts_with("-")) throw std::invalid_argument{"no option is called " + std::string{name}};
    else o.file = name;
  }
  if (o.producers < 1 || o.producers > 64) throw std::invalid_argument{"--producers needs a number from 1 to 64"};
  if (o.by_hand && o.file.empty()) throw std::invalid_argument{"--by-hand needs a file"};
  return o;
}

}  // namespace exchange
