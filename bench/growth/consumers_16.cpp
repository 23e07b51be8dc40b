// SPDX-License-Identifier: MIT
// 16 stages that all see every event.
#include "growth/chains.hpp"

namespace bench::growth {
namespace {

enter const entered{points<fan, 16>(consumers, "consumers")};

}  // namespace
}  // namespace bench::growth
