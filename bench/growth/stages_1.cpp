// SPDX-License-Identifier: MIT
// 1 to 8 stages behind each other.
#include "growth/chains.hpp"

namespace bench::growth {
namespace {

enter const entered{points<chain, 1, 2, 4, 8>(stages, "stages")};

}  // namespace
}  // namespace bench::growth
