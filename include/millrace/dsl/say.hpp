// SPDX-License-Identifier: MIT
// How a sentence to the user is built, and how each compiler is made to print it.
//
// C++20 wants a literal in static_assert, and gcc prints nothing else on that line: there the sentence is built at compile time
// and is the argument of an incomplete type, which gcc prints in full. clang cuts such arguments short but prints the types of a
// failed requirement. From C++26 on the built sentence is the message itself.
#pragma once
#include <cstddef>
#include <string_view>
#include <type_traits>

#include <millrace/base/fixed_string.hpp>
#include <millrace/stage/handler.hpp>

namespace millrace {

/// A sentence while it is built.
struct sentence_builder {
  char text[1000]{};
  std::size_t size = 0;

  constexpr void add(std::string_view s) {
    for (char const c : s)
      if (size < sizeof text - 1) text[size++] = c;
  }
  template <typename T>
  constexpr void add_type() {
    if constexpr (std::is_same_v<T, any_type>) add("something else (it is a template or has overloads)");
    else add(type_name<T>());
  }
  template <typename... T>
  constexpr void add_list() {
    if constexpr (sizeof...(T) == 0) add("nothing");
    [[maybe_unused]] bool first = true;
    ((add(first ? "" : ", "), add_type<T>(), first = false), ...);
  }
};

// ---- facts: words of a sentence, and what clang prints of it
template <fixed_string Name>
struct stage_named {
  static constexpr void say(sentence_builder& s) { s.add("stage "), s.add(Name.view()); }
};
template <typename... T>
struct gets {
  static constexpr void say(sentence_builder& s) { s.add(" gets "), s.add_list<T...>(); }
};
template <typename... T>
struct takes_only {
  static constexpr void say(sentence_builder& s) { s.add(", takes "), s.add_list<T...>(); }
};
template <typename... T>
struct takes_only<signature<T...>> : takes_only<T...> {};
template <typename T>
struct returns {
  static constexpr void say(sentence_builder& s) { s.add(", returns "), s.add_list<T>(); }
};
template <fixed_string Name>
struct other_stage {
  static constexpr void say(sentence_builder& s) { s.add(", other stage "), s.add(Name.view()); }
};
template <fixed_string Name>
struct wants {
  static constexpr void say(sentence_builder& s) { s.add(" wants "), s.add(Name.view()); }
};
template <fixed_string Name>
struct did_you_mean {
  static constexpr void say(sentence_builder& s) { s.add(", did you mean "), s.add(Name.view()); }
};
template <fixed_string Spelled, fixed_string... Name>
struct of_stages {
  static constexpr void say(sentence_builder& s) {
    s.add(Spelled.view()), s.add(" of ");
    [[maybe_unused]] bool first = true;
    ((s.add(first ? "" : ", "), s.add(Name.view()), first = false), ...);
    if (sizeof...(Name) == 0) s.add("nothing");
  }
};
struct nothing;
template <typename... T>
struct of_fan_out {  // those that are wrong: what is right is given as `nothing`
  static constexpr void say(sentence_builder& s) {
    s.add("mr::fan_out is given ");
    [[maybe_unused]] bool first = true;
    ((std::is_same_v<T, nothing> ? void() : (s.add(first ? "" : ", "), s.add_type<T>(), void(first = false))), ...);
  }
};
template <typename... T>
struct given {
  static constexpr void say(sentence_builder& s) { s.add(s.size == 0 ? "given " : " is given "), s.add_list<T...>(); }
};
template <typename T>
struct of_type {
  static constexpr void say(sentence_builder& s) { s.add(s.size == 0 ? "a thing of type " : ", of type "), s.add_list<T>(); }
};
template <typename>
struct this_sentence {  // its type is too long to show
  static constexpr void say(sentence_builder& s) { s.add("this sentence"); }
};

template <fixed_string Remedy, typename... Fact>
consteval auto spell() {
  constexpr auto built = [] {
    sentence_builder s;
    (Fact::say(s), ...);
    s.add(": ");
    s.add(Remedy.view());
    return s;
  }();
  fixed_string<built.size + 1> out;
  for (std::size_t i = 0; i < built.size; ++i) out.text[i] = built.text[i];
  return out;
}

template <typename... Fact>
inline constexpr bool makes_sense = false;
template <fixed_string Sentence>
struct misuse;  // never defined: its name is the message

#if defined(__cpp_static_assert) && __cpp_static_assert >= 202306L
template <fixed_string Sentence>
struct spoken {
  static constexpr auto kept = Sentence;
  constexpr auto data() const -> char const* { return kept.text; }
  constexpr auto size() const -> std::size_t { return kept.view().size(); }
};
#define MILLRACE_SAY(remedy, ...) static_assert(makes_sense<__VA_ARGS__>, spoken<spell<remedy, __VA_ARGS__>()>{})
#elif defined(__clang__)
#define MILLRACE_SAY(remedy, ...) static_assert(makes_sense<__VA_ARGS__>, remedy)
#else
#define MILLRACE_SAY(remedy, ...) misuse<spell<remedy, __VA_ARGS__>()>::shown()
#endif

}  // namespace millrace
