// SPDX-License-Identifier: MIT
// What the pipeline does with a request: it is understood, done by who keeps its key, and answered.
#pragma once
#include <array>
#include <charconv>
#include <cstddef>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <unordered_map>

#include <millrace.hpp>

#include "protocol.hpp"

namespace mr = millrace;

/// The event: words of a request. They keep their memory when the slot is used again.
struct request {
  std::array<std::string, protocol::most_words> words;
  std::size_t count = 0;

  void assign(protocol::frame const& f) {
    count = f.count;
    for (std::size_t i = 0; i < count; ++i) words[i].assign(f.words[i]);
  }
};

enum class verb { ping, get, set, del, incr, wrong_count, unknown };
struct command {
  verb what;
  std::string_view key, value;  // of the event, which stays where it is until it is answered
};
struct answer {
  enum { pong, done, nothing, text, number, no_number, wrong_count, unknown } what;
  std::string value{};
  long n = 0;
};

inline auto understand(request const& r) -> command {
  struct known {
    std::string_view name;
    std::size_t words;
    verb what;
  };
  static constexpr known all[] = {{"PING", 1, verb::ping}, {"GET", 2, verb::get}, {"SET", 3, verb::set}, {"DEL", 2, verb::del}, {"INCR", 2, verb::incr}};
  auto const upper = [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; };
  for (auto const& k : all) {
    if (r.words[0].size() != k.name.size()) continue;
    bool same = true;
    for (std::size_t i = 0; i < k.name.size(); ++i) same = same && upper(r.words[0][i]) == k.name[i];
    if (!same) continue;
    if (r.count != k.words) return {verb::wrong_count, {}, {}};
    return {k.what, k.words > 1 ? std::string_view{r.words[1]} : std::string_view{}, k.words > 2 ? std::string_view{r.words[2]} : std::string_view{}};
  }
  return {verb::unknown, {}, {}};
}

/// Keeps what it is told for some of the keys: there are copies of it, each with keys of its own, and plain members will do.
class keeper {
 public:
  auto operator()(command const& c) -> answer {
    auto const at = table_.find(c.key);
    switch (c.what) {
      case verb::ping: return {answer::pong};
      case verb::get: return at == table_.end() ? answer{answer::nothing} : answer{answer::text, at->second};
      case verb::set:
        if (at != table_.end()) at->second.assign(c.value);
        else table_.emplace(c.key, c.value);
        return {answer::done};
      case verb::del: {
        bool const was = at != table_.end();
        if (was) table_.erase(at);
        return {answer::number, {}, was ? 1 : 0};
      }
      case verb::incr: {
        long n = 0;
        if (at != table_.end()) {
          auto const& text = at->second;
          auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
          if (error != std::errc{} || end != text.data() + text.size() || n == std::numeric_limits<long>::max()) return {answer::no_number};
        }
        ++n;
        if (at != table_.end()) at->second = std::to_string(n);
        else table_.emplace(c.key, std::to_string(n));
        return {answer::number, {}, n};
      }
      case verb::wrong_count: return {answer::wrong_count};
      case verb::unknown: break;
    }
    return {answer::unknown};
  }

 private:
  struct hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  std::unordered_map<std::string, std::string, hash, std::equal_to<>> table_;
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
  return mr::from<request>(mr::many_producers, mr::replies)
       | mr::map<"understand">(understand)
       | mr::map<"store">(keeper{}, mr::keyed_by(&command::key))  // several workers may run it, each with its own keys
       | mr::map<"spell">(spell);                                 // what flows out is the reply
}
// [/service_pipeline]
