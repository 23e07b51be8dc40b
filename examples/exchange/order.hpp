// SPDX-License-Identifier: MIT
// Orders, trades and legs, and orders as lines of text:
//
//   new,ID,ACCOUNT,SYMBOL,buy,PRICE,QUANTITY         or sell; the price in cents
//   cancel,ID,ACCOUNT,SYMBOL                         what is left of order ID
#pragma once
#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace exchange {

/// Up to eight letters in a word.
enum class symbol : std::uint64_t {};
[[nodiscard]] inline auto to_symbol(std::string_view name) -> symbol {
  std::uint64_t word = 0;
  std::memcpy(&word, name.data(), std::min(name.size(), sizeof word));
  return symbol{word};
}
[[nodiscard]] inline auto name_of(symbol s) -> std::string {
  std::array<char, sizeof s + 1> name{};
  std::memcpy(name.data(), &s, sizeof s);
  return name.data();
}

enum class kind : std::uint8_t { rejected, enter, cancel };
enum class side : std::uint8_t { buy, sell };

/// As it is journalled and sent: without padding.
struct order {
  std::uint64_t id = 0;
  symbol of{};
  std::uint32_t account = 0, quantity = 0;
  std::int32_t price = 0;
  kind does = kind::rejected;
  side on = side::buy;
  std::uint16_t unused = 0;
};
static_assert(std::has_unique_object_representations_v<order>);

/// An order met one that was waiting, at the price of that one.
struct trade {
  std::uint64_t maker, taker;
  std::uint32_t maker_account, taker_account, quantity;
  std::int32_t price;
  side taker_side;
};

/// One side of a trade.
struct leg {
  symbol of{};
  std::uint32_t account = 0, other = 0, quantity = 0;
  std::int32_t price = 0;
  side on = side::buy;
  bool taker = false;
  std::int64_t position = 0;    // of the account in this symbol, after the trade
  std::int64_t entered_ns = 0;  // when the order came that made the trade
};

/// The event of the first ring. Its memory is used again.
struct entry {
  std::array<char, 64> line{};
  std::size_t size = 0;
  std::int64_t entered_ns = 0;
  order what{};
  std::vector<trade> trades;

  void set_line(std::string_view text) {
    size = std::min(text.size(), line.size());
    std::memcpy(line.data(), text.data(), size);
  }
  [[nodiscard]] auto text() const -> std::string_view { return {line.data(), size}; }
};

/// What cannot be read is an order that is rejected.
[[nodiscard]] inline auto parse(std::string_view line) -> order {
  order o;
  bool good = true, more = true;
  auto const field = [&] {
    auto const comma = line.find(',');
    auto const f = line.substr(0, comma);
    good = good && more;
    more = comma != std::string_view::npos;
    line.remove_prefix(more ? comma + 1 : line.size());
    return f;
  };
  auto const number = [&](auto& n) {
    auto const f = field();
    auto const [end, error] = std::from_chars(f.data(), f.data() + f.size(), n);
    good = good && error == std::errc{} && end == f.data() + f.size();
  };
  auto const does = field();
  number(o.id);
  number(o.account);
  auto const name = field();
  o.of = to_symbol(name);
  good = good && !name.empty() && name.size() <= sizeof o.of;
  if (does == "new") {
    auto const on = field();
    o.on = on == "buy" ? side::buy : side::sell;
    number(o.price);
    number(o.quantity);
    good = good && (on == "buy" || on == "sell") && o.price > 0 && o.quantity > 0;
    o.does = kind::enter;
  } else {
    good = good && does == "cancel";
    o.does = kind::cancel;
  }
  if (!good || more) return {};
  return o;
}

/// The line that parse() reads.
[[nodiscard]] inline auto format(order const& o) -> std::string {
  std::string line = o.does == kind::enter ? "new," : "cancel,";
  line.append(std::to_string(o.id)).append(",").append(std::to_string(o.account)).append(",").append(name_of(o.of));
  if (o.does == kind::enter) line.append(o.on == side::buy ? ",buy," : ",sell,").append(std::to_string(o.price)).append(",").append(std::to_string(o.quantity));
  return line;
}

/// Mixes a word into a digest.
[[nodiscard]] constexpr auto mixed(std::uint64_t digest, std::uint64_t word) -> std::uint64_t {
  digest = (digest ^ word) * 0x9e3779b97f4a7c15U;
  return digest ^ digest >> 29;
}

}  // namespace exchange
