// SPDX-License-Identifier: MIT
// 1 to 8 stages that all see every event.
#include "growth/chains.hpp"

namespace bench::growth {
namespace {

enter const entered{points<fan, 1, 2, 4, 8>(consumers, "consumers")};

}  // namespace
}  // namespace bench::growth
