// SPDX-License-Identifier: MIT
// 16 and 24 stages behind each other.
#include "growth/chains.hpp"

namespace bench::growth {
namespace {

enter const entered{points<chain, 16, 24>(stages, "stages")};

}  // namespace
}  // namespace bench::growth
