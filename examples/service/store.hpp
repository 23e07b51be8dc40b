// SPDX-License-Identifier: MIT
// What the pipeline does with a request: it is understood, done by who keeps its key, and answered.
#pragma once
#include <charconv>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>

#include <millrace.hpp>

#include "protocol.hpp"
#include "table.hpp"

namespace mr = millrace;

enum class verb { ping, get, set, del, incr, wrong_count, unknown };
struct command {
  verb what;
  hashed key;
  std::string_view value;

  [[nodiscard]] auto group() const -> std::size_t { return key.hash; }
};
struct answer {
  enum { pong, done, nothing, text, number, no_number, wrong_count, unknown } what;
  std::string value{};
  long n = 0;
};

inline auto understand(protocol::frame const& f) -> command {
  struct known {
    std::string_view name;
    std::size_t words;
    verb what;
  };
  static constexpr known all[] = {{"GET", 2, verb::get}, {"SET", 3, verb::set}, {"PING", 1, verb::ping}, {"INCR", 2, verb::incr}, {"DEL", 2, verb::del}};
  auto const upper = [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; };
  auto const name = f.words[0];
  auto const key = f.count > 1 ? f.words[1] : std::string_view{};
  for (auto const& k : all) {
    bool same = name.size() == k.name.size();
    for (std::size_t i = 0; same && i < name.size(); ++i) same = upper(name[i]) == k.name[i];
    if (same) return {f.count == k.words ? k.what : verb::wrong_count, hashed{key}, f.count > 2 ? f.words[2] : std::string_view{}};
  }
  return {verb::unknown, hashed{key}, {}};
}

/// Keeps what it is told for some of the keys: there are copies of it, each with keys of its own, and plain members will do.
class keeper {
 public:
  auto operator()(command const& c) -> answer {
    if (c.what == verb::ping) return {answer::pong};
    if (c.what == verb::wrong_count) return {answer::wrong_count};
    if (c.what == verb::unknown) return {answer::unknown};
    auto& at = table_.find(c.key);
    auto const write = [&](std::string_view text) { at.is_free() ? table_.insert(at, c.key, text) : at.write(text); };
    switch (c.what) {
      case verb::get: return at.is_free() ? answer{answer::nothing} : answer{answer::text, std::string{at.text()}};
      case verb::set: return write(c.value), answer{answer::done};
      case verb::del: {
        bool const was = !at.is_free();
        if (was) table_.erase(at);
        return {answer::number, {}, was ? 1 : 0};
      }
      default: break;
    }
    long n = 0;
    if (!at.is_free()) {
      auto const text = at.text();
      auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
      if (error != std::errc{} || end != text.data() + text.size() || n == std::numeric_limits<long>::max()) return {answer::no_number};
    }
    char text[24];
    write({text, static_cast<std::size_t>(std::to_chars(text, text + sizeof text, ++n).ptr - text)});
    return {answer::number, {}, n};
  }

 private:
  table table_;
};

inline auto spell(answer const& a) -> std::string {
  switch (a.what) {
    case answer::pong: return protocol::simple("PONG");
    case answer::done: return protocol::simple("OK");
    case answer::nothing: return protocol::nothing();
    case answer::text: return protocol::bulk(a.value);
    case answer::number: return protocol::integer(a.n);
    case answer::no_number: return protocol::error("value is not an integer or out of range");
    case answer::wrong_count: return protocol::error("wrong number of arguments");
    case answer::unknown: break;
  }
  return protocol::error("unknown command");
}

// [service_pipeline]
inline auto requests() {
  return mr::from<protocol::frame>(mr::many_producers, mr::replies)
       | mr::map<"understand">(understand)
       | mr::map<"store">(keeper{}, mr::keyed_by(&command::group))  // several workers may run it, each with its own keys
       | mr::map<"spell">(spell);                                   // what flows out is the reply
}
// [/service_pipeline]
