// SPDX-License-Identifier: MIT
// Pipelines that were drawn, whose runs are judged by a model of their own. See topology.hpp.
#include "storm/grown.hpp"
#include "storm/subject_of.hpp"

namespace storm {

auto grown_shapes() -> std::vector<shape> {
  std::vector<shape> all{subject_of<grown<0>>::entry(), subject_of<grown<7>>::entry(), subject_of<grown<8>>::entry(), subject_of<grown<14>>::entry(), subject_of<grown<20>>::entry(), subject_of<grown<21>>::entry()};
  for (auto const& more : more_grown_shapes()) all.push_back(more);
  return all;
}

}  // namespace storm
