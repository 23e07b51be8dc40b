// SPDX-License-Identifier: MIT
// For a program that defines MILLRACE_SEPARATE_COMPILATION: exactly one of its source files includes this, and has what the others
// only declare.
#pragma once
#ifndef MILLRACE_SEPARATE_COMPILATION
#error "millrace: define MILLRACE_SEPARATE_COMPILATION for all source files of the program, or do not include this"
#endif
#include <millrace.hpp>

#include <millrace/base/capacity.ipp>
#include <millrace/base/message.ipp>
#include <millrace/sync/barrier.ipp>
#include <millrace/sync/lanes.ipp>
#include <millrace/sync/patience.ipp>
#include <millrace/sync/waiters.ipp>
#include <millrace/sync/waiting_crews.ipp>
#include <millrace/ring/single_producer.ipp>
#include <millrace/place/caches.ipp>
#include <millrace/place/placement.ipp>
#include <millrace/place/topology.ipp>
#include <millrace/plan/grouping.ipp>
#include <millrace/plan/plan.ipp>
#include <millrace/run/crew.ipp>
#include <millrace/run/crossing.ipp>
#include <millrace/run/guest_book.ipp>
#include <millrace/run/lifecycle.ipp>
#include <millrace/run/metrics.ipp>
#include <millrace/run/plan_board.ipp>
#include <millrace/run/stall.ipp>
#include <millrace/run/vessel.ipp>

namespace millrace {

char const one_source_file_has_to_include_millrace_separate_hpp = 0;

template class barrier<std_platform>;
template class lanes<std_platform>;
template class patience<std_platform>;
template auto wait_until<std_platform>(patience<std_platform>&, event_count<std_platform>&, std::int64_t, function_view<bool()>, function_view<void()>) -> bool;
template class sleepers<std_platform>;
template class waiters<std_platform>;
template class waiting_crews<std_platform>;
template class single_producer<std_platform>;
template class crew<std_platform>;
template class crossing<std_platform>;
template class crossings<std_platform>;
template class guest_book<std_platform>;
template class lifecycle<std_platform>;
template class plan_board<std_platform>;
template class vessel<std_platform>;

}  // namespace millrace
