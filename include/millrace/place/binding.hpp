// SPDX-License-Identifier: MIT
// What became of a request to bind a thread or memory. A value, because without it a pipeline is slower, never wrong.
#pragma once
#include <cstdint>
#include <string_view>

namespace millrace {

enum class binding : std::uint8_t {
  done,             ///< bound
  unneeded,         ///< nothing was asked for, or there is only one place
  unknown_cpu,      ///< a processor that the topology does not have, or that the process may not use
  another_machine,  ///< the topology describes some other machine
  unsupported,      ///< this system cannot
  refused,          ///< the system said no: what may be used has changed since the topology was read
};

[[nodiscard]] constexpr auto text(binding b) noexcept -> std::string_view {
  switch (b) {
    case binding::done: return "bound";
    case binding::unneeded: return "not needed";
    case binding::unknown_cpu: return "unknown processor";
    case binding::another_machine: return "topology of another machine";
    case binding::unsupported: return "not supported by the system";
    case binding::refused: return "refused by the system";
  }
  return "unknown";
}

}  // namespace millrace
