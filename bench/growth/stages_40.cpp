// SPDX-License-Identifier: MIT
// 40 stages behind each other.
#include "growth/chains.hpp"

namespace bench::growth {
namespace {

enter const entered{points<chain, 40>(stages, "stages")};

}  // namespace
}  // namespace bench::growth
