// SPDX-License-Identifier: MIT
// More of them.
#include "storm/grown.hpp"
#include "storm/subject_of.hpp"

namespace storm {

auto more_grown_shapes() -> std::vector<shape> {
  return {subject_of<grown<22>>::entry(), subject_of<grown<25>>::entry(), subject_of<grown<29>>::entry(), subject_of<grown<35>>::entry(), subject_of<grown<39>>::entry()};
}

}  // namespace storm
