// SPDX-License-Identifier: MIT
// Every sentence the compiler may say about where events come from. See diagnostics.hpp.
#pragma once
#include <millrace/dsl/say.hpp>

namespace millrace {

template <typename Event>
constexpr void event_must_be_a_value() {
  MILLRACE_SAY("an event is an object that lives in a slot; name a type without reference, const or array, as in mr::from<T>()",
               of_type<Event>);
}
template <typename... Option>
constexpr void unknown_way_in() {
  MILLRACE_SAY("mr::from takes at most one option that says how events get in, mr::many_producers or mr::lane_per_producer(n), and one mr::on_full(policy); remove the others", given<Option...>);
}
template <typename... Policy>
constexpr void no_policy_for_a_full_ring() {
  MILLRACE_SAY("mr::on_full takes mr::wait_for_room, mr::refuse, mr::drop_newest, mr::drop_oldest or mr::conflate_by(key), the last two with how many events may wait; write one of them", given<Policy...>);
}
template <typename Event>
constexpr void events_wait_for_one_producer() {
  MILLRACE_SAY("events wait beside the ring of one producer only; write mr::refuse or mr::drop_newest, or leave out the option that lets more producers in", of_type<Event>);
}
template <typename Event>
constexpr void event_that_waits_must_move() {
  MILLRACE_SAY("an event that waits beside the ring moves into it and this one cannot; make it movable, or write mr::refuse or mr::drop_newest", of_type<Event>);
}
template <typename Event, typename KeyOf>
constexpr void key_of_an_event_cannot_be_taken() {
  MILLRACE_SAY("what mr::conflate_by calls takes an event as T const& and returns its key, which has == and std::hash; give it such a function, or a member of the event",
               of_type<Event>, of_type<KeyOf>);
}
template <typename Event>
constexpr void event_of_a_lane_must_move() {
  MILLRACE_SAY("an event moves from its producer's lane into the ring and this one cannot; make it movable, or write mr::many_producers", of_type<Event>);
}
template <typename F>
constexpr void generator_takes_nothing() {
  MILLRACE_SAY("a generator is called without arguments and returns std::optional of the event, empty at the end", of_type<F>);
}
template <typename F, typename Returns>
constexpr void generator_must_return_optional() {
  MILLRACE_SAY("a generator returns std::optional of the event, empty at the end; return that", of_type<F>, Returns);
}
template <typename T>
constexpr void merge_of_no_source() {
  MILLRACE_SAY("mr::merge joins sources, each mr::generate(f) by itself; put stages behind the merge", this_sentence<T>);
}
template <typename Returns, typename... Event>
constexpr void merge_of_different_sources() {
  MILLRACE_SAY("sources that are merged make one type of event in one way, all returned or all filled; make them alike", given<Event...>, Returns);
}
template <typename F>
constexpr void generator_cannot_enter() {
  MILLRACE_SAY("the sentence holds its generator and this one cannot be moved into it; pass it with std::move, or pass a lambda that refers to it",
               of_type<F>);
}
template <typename F, typename Gets>
constexpr void generator_must_fill() {
  MILLRACE_SAY("a generator for a named event fills one and says whether it did; take Event& and return bool", of_type<F>, Gets);
}
template <typename Event>
constexpr void filled_event_needs_a_default() {
  MILLRACE_SAY("a generator that fills needs events to fill and this one has no default constructor; return std::optional of the event instead",
               of_type<Event>);
}

}  // namespace millrace
