// SPDX-License-Identifier: MIT
// Which workers are near each other, for those who plan: a number for each that says which large cache its core uses.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include <millrace/base/config.hpp>
#include <millrace/place/processor.hpp>

namespace millrace {

/// For each of these processors (by the system's numbers, worker by worker) the number of the largest cache that it uses, counted from 0
/// in the order in which they appear; where no cache is known the memory node counts. An unpinned worker may be anywhere: it has the
/// number of the first.
[[nodiscard]] auto caches_of(std::vector<processor> const& all, std::vector<int> const& cpus) -> std::vector<std::uint32_t>;

}  // namespace millrace

#ifndef MILLRACE_SEPARATE_COMPILATION
#include <millrace/place/caches.ipp>
#endif
