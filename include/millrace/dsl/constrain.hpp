// SPDX-License-Identifier: MIT
// Pieces that say which stages are to share a worker, and which are not. They stand behind the stages that they name.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include <millrace/dsl/copies.hpp>
#include <millrace/dsl/diagnostics.hpp>
#include <millrace/dsl/known.hpp>
#include <millrace/dsl/pieces.hpp>

namespace millrace {

template <bool Together, fixed_string... Name>
struct constraint_piece {
  static constexpr fixed_string spelled = [] {
    if constexpr (Together) return fixed_string{"mr::together"};
    else return fixed_string{"mr::apart"};
  }();
};
template <bool T, fixed_string... N>
inline constexpr bool is_piece<constraint_piece<T, N...>> = true;
template <bool T, fixed_string... N>
struct uncopied_in<constraint_piece<T, N...>> : copied<"constraint", nothing> {};

/// One worker always runs all of these stages, which need not be neighbours: `| mr::together<"parse", "store">`. The own source is
/// called "source". Plans that part them are refused.
template <fixed_string... Name>
inline constexpr constraint_piece<true, Name...> together{};

/// No worker runs two of these stages; a single name stands for a stage that shares its worker with no other, because it blocks:
/// `| mr::apart<"journal">`. Plans that put them on one worker are refused. Stages that the library adds (those of mr::replies, the one that
/// deals to a keyed stage) count as nobody.
template <fixed_string... Name>
inline constexpr constraint_piece<false, Name...> apart{};

/// The number in the whole pipeline of the stage of this name; npos if there is none.
template <bool OwnSource, typename Elsewhere, typename... Node>
constexpr auto stage_called(std::string_view name) noexcept -> std::size_t {
  if (auto const i = Elsewhere::find(name); i != Elsewhere::size) return i;
  if (OwnSource && name == source_name) return 0;
  auto const i = index_of<Node...>(name);
  return i == npos ? npos : i + Elsewhere::size + (OwnSource ? 1 : 0);
}
/// No stage is to be both with and without another.
template <constraint... C>
constexpr auto agree(constraints<C...> all) noexcept -> bool {
  for (std::size_t s = 0; s < 64; ++s) {
    auto const with = millrace::together_with(s, all) & ~bit(s);
    if (with != 0 && (with & millrace::apart_from(s, all)) != 0) return false;
  }
  return true;
}
template <bool OwnSource, typename Elsewhere, typename... Node>
struct stages_for {
  static constexpr auto find(std::string_view name) noexcept -> std::size_t { return stage_called<OwnSource, Elsewhere, Node...>(name); }
  template <fixed_string... Name>
  static constexpr auto mask() noexcept -> std::uint64_t {
    return (std::uint64_t{0} | ... | (find(Name.view()) == npos ? 0 : bit(find(Name.view()))));
  }
  template <fixed_string Spelled, fixed_string First, fixed_string... Rest>
  static constexpr void explain_unknown() {
    if constexpr (find(First.view()) == npos) constraint_names_no_stage<Spelled, First>();
    else explain_unknown<Spelled, Rest...>();
  }
};

template <typename All, constraint One>
struct also_said;
template <constraint... Said, constraint One>
struct also_said<constraints<Said...>, One> : std::type_identity<constraints<Said..., One>> {};

template <typename Source, typename Tip, typename... Node, bool Together, fixed_string... Name>
constexpr auto attach(pipeline<Source, Tip, Node...>&& p, constraint_piece<Together, Name...>&&) {
  using Piece = constraint_piece<Together, Name...>;
  using Stages = stages_for<Source::own, typename Tip::elsewhere, Node...>;
  constexpr auto mask = Stages::template mask<Name...>();
  if constexpr (sizeof...(Name) < (Together ? 2 : 1)) {
    constraint_names_too_few<Piece::spelled, Name...>();
    return refused{};
  } else if constexpr (!((Stages::find(Name.view()) != npos) && ...)) {
    Stages::template explain_unknown<Piece::spelled, Name...>();
    return refused{};
  } else if constexpr (std::popcount(mask) != sizeof...(Name)) {
    constraint_names_one_twice<Piece::spelled, Name...>();
    return refused{};
  } else {
    using Now = typename also_said<typename Tip::said_of_plans, constraint{Together, mask}>::type;
    if constexpr (!millrace::agree(Now{})) {
      constraints_contradict<Piece::spelled, Name...>();
      return refused{};
    } else {
      return pipeline<Source, tip_saying<Tip, Now>, Node...>{std::move(p.from), std::move(p.nodes)};
    }
  }
}
template <bool Together, fixed_string... Name>
constexpr auto attach(refused&&, constraint_piece<Together, Name...>&&) -> refused { return {}; }

}  // namespace millrace
