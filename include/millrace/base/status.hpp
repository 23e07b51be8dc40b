// SPDX-License-Identifier: MIT
// What became of a request to publish or to wait. A value, because none of these is an error of the program.
#pragma once
#include <cstdint>
#include <string_view>

namespace millrace {

enum class status : std::uint8_t {
  ok,           ///< done
  would_block,  ///< no room now, or not within the time given; nothing was written
  closed,       ///< the pipeline takes no more events; nothing was written
  dropped,      ///< there was no room, and the runner's policy is to give the event up then; nothing was written
  refused,      ///< can never succeed: no event or more than the capacity asked for, or the sequence range is used up
};

[[nodiscard]] constexpr auto text(status s) noexcept -> std::string_view {
  switch (s) {
    case status::ok: return "ok";
    case status::would_block: return "would block";
    case status::closed: return "closed";
    case status::dropped: return "dropped";
    case status::refused: return "refused";
  }
  return "unknown";
}

}  // namespace millrace
