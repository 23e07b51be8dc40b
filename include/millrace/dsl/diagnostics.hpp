// SPDX-License-Identifier: MIT
// Every sentence the compiler may say about a wrong pipeline; those about its source are in source_diagnostics.hpp. The first error line names the stage, what it gets,
// what it takes, and the remedy; whoever says a sentence then goes on with `refused`, so that it stays the only one.
#pragma once
#include <millrace/dsl/say.hpp>

namespace millrace {

// ---- what a stage cannot take
template <fixed_string Name, typename Gets, typename Takes>
constexpr void stage_cannot_take() {
  MILLRACE_SAY("change the type of the parameter of the handler, or put a map between that converts",
               stage_named<Name>, Gets, takes_only<Takes>);
}
template <fixed_string Name, typename Gets, typename Takes>
constexpr void stage_needs_one_parameter_for_each_value() {
  MILLRACE_SAY("take one parameter for each value that reaches it, in that order: the names given to mr::takes, or the results of all branches", stage_named<Name>, Gets, takes_only<Takes>);
}
template <fixed_string Name, typename Gets, typename Takes>
constexpr void stage_takes_a_copy_of_what_cannot_be_copied() {
  MILLRACE_SAY("the event stays in its slot; take it by reference, T const& to look at it, T& in a mr::change",
               stage_named<Name>, Gets, takes_only<Takes>);
}
template <fixed_string Name, typename Gets, typename Takes>
constexpr void only_a_change_may_change() {
  MILLRACE_SAY("only a change may take T&; take T const&, or write mr::change", stage_named<Name>, Gets, takes_only<Takes>);
}
template <fixed_string Name, typename Gets, typename Takes>
constexpr void change_of_a_copy() {
  MILLRACE_SAY("a change works on the value in its place, and here would change a copy; take T&, or write mr::tap",
               stage_named<Name>, Gets, takes_only<Takes>);
}
template <fixed_string Name, typename F>
constexpr void handler_cannot_be_called() {
  MILLRACE_SAY("a handler is a function, a function object or a pointer to a member", stage_named<Name>, of_type<F>);
}

template <fixed_string Name, typename Gets, typename Takes>
constexpr void result_may_be_missing() {
  MILLRACE_SAY("a filter in a branch may have dropped a result, so it is handed on as a pointer; take T const* for it",
               stage_named<Name>, Gets, takes_only<Takes>);
}
template <fixed_string Name, fixed_string Other>
constexpr void stages_touch_one_value() {
  MILLRACE_SAY("one changes what the other takes at the same time; let one follow the other, or change a copy in a map",
               stage_named<Name>, other_stage<Other>);
}

// ---- what a stage makes
template <fixed_string Name, typename Returns>
constexpr void change_returns_a_value() {
  MILLRACE_SAY("a change alters what it takes by T& and what it returns is lost; assign to the parameter, or write mr::map",
               stage_named<Name>, Returns);
}
template <fixed_string Name, typename Returns>
constexpr void map_makes_nothing() {
  MILLRACE_SAY("a map makes a result; return it, or write mr::tap to look or mr::change to change", stage_named<Name>, Returns);
}
template <fixed_string Name, typename Returns>
constexpr void result_cannot_be_kept() {
  MILLRACE_SAY("a result is kept as a value and this one cannot be copied; return by value, or a pointer",
               stage_named<Name>, Returns);
}
template <fixed_string Name, typename Returns>
constexpr void filter_must_say_yes_or_no() {
  MILLRACE_SAY("a filter says whether the event goes on; return bool, or write mr::map to make a result",
               stage_named<Name>, Returns);
}

template <fixed_string Name, typename Returns>
constexpr void expand_makes_no_range() {
  MILLRACE_SAY("an expand returns what can be iterated over, by begin() and end(); return a range, or write mr::map to make one result",
               stage_named<Name>, Returns);
}
template <fixed_string Name, typename Returns>
constexpr void expand_cannot_copy() {
  MILLRACE_SAY("elements are copied into the next ring and these cannot be copied; let the range give them as values, or as T&&",
               stage_named<Name>, Returns);
}
template <typename T>
constexpr void expand_in_a_branch() {
  MILLRACE_SAY("an expand opens a ring and cannot stand in a branch of mr::fan_out; put it behind the fan_out", this_sentence<T>);
}

// ---- into another runner
template <fixed_string Name, typename T>
constexpr void into_needs_an_input() {
  MILLRACE_SAY("mr::into publishes through the handle of another runner; give it other.input(), with std::move if it has a name", stage_named<Name>, of_type<T>);
}
template <fixed_string Name, typename Gets>
constexpr void into_takes_one_value() {
  MILLRACE_SAY("what is published into another runner is one value that is always there; name it with mr::takes, or put a map before it that makes one", stage_named<Name>, Gets);
}
template <fixed_string Name, typename Gets, typename Takes>
constexpr void into_makes_other_events() {
  MILLRACE_SAY("the other runner's event is made as a copy of that and cannot be; put a map before it that makes such an event, or change the other pipeline", stage_named<Name>, Gets, Takes);
}
template <fixed_string Name, typename... Option>
constexpr void option_not_for_an_into() {
  MILLRACE_SAY("mr::into has the options mr::takes<name> and mr::on_error(mr::skip or mr::divert); remove the others", stage_named<Name>, given<Option...>);
}

// ---- replies
template <fixed_string Name>
constexpr void replies_to_parts_of_parts() {
  MILLRACE_SAY("a reply waits for the parts of one expand, and this is a second one; leave mr::replies out, or have the first one make all parts", stage_named<Name>);
}
template <typename Event>
constexpr void replies_of_a_lane() {
  MILLRACE_SAY("events of mr::lane_per_producer get their place in the ring later, so nobody can wait there for a reply; write mr::many_producers", of_type<Event>);
}
template <typename Event>
constexpr void replies_where_events_wait() {
  MILLRACE_SAY("events that wait beside a full ring have no place in it yet where somebody could wait for a reply; write mr::on_full(mr::refuse) or mr::on_full(mr::drop_newest), which the future then tells", of_type<Event>);
}
template <typename Reply>
constexpr void reply_cannot_be_moved() {
  MILLRACE_SAY("what flows out of the last stage is moved to whoever waits for it, and this cannot be moved; let the last stage be a map to something that can", of_type<Reply>);
}

// ---- batches
template <fixed_string Name, typename Gets, typename Takes>
constexpr void handler_takes_single_values() {
  MILLRACE_SAY("this handler takes single values; remove mr::in_batches, or take the batch",
               stage_named<Name>, Gets, takes_only<Takes>);
}
template <fixed_string Name, typename Gets, typename Takes>
constexpr void handler_takes_batches() {
  MILLRACE_SAY("this handler takes whole batches; add the option mr::in_batches, or take single values",
               stage_named<Name>, Gets, takes_only<Takes>);
}
template <fixed_string Name, typename Gets, typename Takes>
constexpr void only_a_change_may_change_a_batch() {
  MILLRACE_SAY("only a change may take mr::batch<T>; take mr::batch<T const>, or write mr::change",
               stage_named<Name>, Gets, takes_only<Takes>);
}
template <fixed_string Name, typename Gets>
constexpr void a_batch_is_of_one_value() {
  MILLRACE_SAY("a batch is of one kind of value that is always there; take one by mr::takes, or remove mr::in_batches and take them one by one",
               stage_named<Name>, Gets);
}
template <fixed_string Name, typename Gets, typename Takes>
constexpr void batch_map_needs_results() {
  MILLRACE_SAY("a map in batches puts its results into a last parameter whose type is spelled out, mr::results<R>&; take it",
               stage_named<Name>, Gets, takes_only<Takes>);
}
template <fixed_string Name, typename Gets, typename Takes>
constexpr void batch_filter_needs_verdicts() {
  MILLRACE_SAY("a filter in batches gives its answers to a last parameter mr::verdicts&, one for each event; take it",
               stage_named<Name>, Gets, takes_only<Takes>);
}

// ---- names
template <typename Verb>
constexpr void stage_needs_a_name() {
  MILLRACE_SAY("a stage needs a name, as in mr::tap<\"name\">(f)", of_type<Verb>);
}
template <fixed_string Name, typename F>
constexpr void name_is_empty() {
  MILLRACE_SAY("a stage has an empty name; name it after what it does, plans and reports show the name", of_type<F>);
}
template <fixed_string Name>
constexpr void name_is_reserved() {
  MILLRACE_SAY("event and source have a meaning already, what enters the ring and where it comes from; choose another name",
               stage_named<Name>);
}
template <fixed_string Name>
constexpr void name_exists_already() {
  MILLRACE_SAY("a stage of this name exists already; names are unique in a pipeline, choose another", stage_named<Name>);
}
template <fixed_string Name, fixed_string Wanted>
constexpr void no_such_name() {
  MILLRACE_SAY("no earlier stage has that name; name a stage that stands before this one, or event",
               stage_named<Name>, wants<Wanted>);
}
template <fixed_string Name, fixed_string Wanted, fixed_string Nearest>
constexpr void no_such_name_but() {
  MILLRACE_SAY("no earlier stage has that name; name a stage that stands before this one, or event",
               stage_named<Name>, wants<Wanted>, did_you_mean<Nearest>);
}
template <fixed_string Name, fixed_string Wanted>
constexpr void named_stage_has_no_result() {
  MILLRACE_SAY("that stage makes no result, only a map does; name a map that stands before this one, or event",
               stage_named<Name>, wants<Wanted>);
}
template <fixed_string Name, fixed_string Wanted>
constexpr void named_stage_is_in_an_earlier_ring() {
  MILLRACE_SAY("that stage stands before an expand and its result does not travel past it; put what is needed into the expanded event",
               stage_named<Name>, wants<Wanted>);
}
template <fixed_string Name, fixed_string Wanted>
constexpr void named_twice() {
  MILLRACE_SAY("mr::takes names it twice; name each value once", stage_named<Name>, wants<Wanted>);
}

// ---- options
template <fixed_string Name, typename... Option>
constexpr void unknown_option() {
  MILLRACE_SAY("that is no option; options are mr::in_batches, mr::takes<names> and mr::manual_ack, remove the other",
               stage_named<Name>, given<Option...>);
}
template <fixed_string Name, typename... Option>
constexpr void option_given_twice() {
  MILLRACE_SAY("options of one kind exclude each other; keep one of them", stage_named<Name>, given<Option...>);
}
template <fixed_string Name>
constexpr void no_ring_to_size() {
  MILLRACE_SAY("mr::ring_of is for stages that open a ring, mr::expand and mr::compact; remove it", stage_named<Name>);
}
template <fixed_string Name>
constexpr void ticks_are_for_one_worker() {
  MILLRACE_SAY("a stage that several workers run does not tick; remove mr::every, or what lets them share the stage", stage_named<Name>);
}
template <fixed_string Name, typename F>
constexpr void ticks_without_a_hook() {
  MILLRACE_SAY("mr::every needs a handler with a member on_tick(std::chrono::nanoseconds now) or on_tick(), in a class that is not final", stage_named<Name>, of_type<F>);
}
template <fixed_string Name, typename F>
constexpr void tick_without_a_period() {
  MILLRACE_SAY("the handler has on_tick, but nothing says when; add the option mr::every(period)", stage_named<Name>, of_type<F>);
}
template <fixed_string Name>
constexpr void retry_of_what_may_not_be_repeated() {
  MILLRACE_SAY("mr::retry calls the handler again for the same event; add the option mr::idempotent if twice is as good as once", stage_named<Name>);
}
template <fixed_string Name>
constexpr void retry_of_an_expand() {
  MILLRACE_SAY("an expand cannot be tried again, part of its range may be on its way; use mr::skip or mr::divert", stage_named<Name>);
}
template <fixed_string Name, fixed_string Of, typename Gets, typename Takes>
constexpr void divert_cannot_take() {
  MILLRACE_SAY("what mr::divert calls takes the values that the stage takes, as T const&, and std::exception_ptr const&; change its parameters",
               stage_named<Name>, other_stage<Of>, Gets, takes_only<Takes>);
}
template <fixed_string Name>
constexpr void expand_releases_by_itself() {
  MILLRACE_SAY("what an expand has passed is in the next ring and nothing is left to acknowledge; put mr::manual_ack on a stage behind it", stage_named<Name>);
}
template <fixed_string Name>
constexpr void shared_and_acknowledged() {
  MILLRACE_SAY("a stage that is shared has no one position to acknowledge; put mr::manual_ack on a tap behind it", stage_named<Name>);
}
template <fixed_string Name>
constexpr void takes_names_nothing() {
  MILLRACE_SAY("mr::takes<> names nothing; name what the stage takes, or remove it to take what flows by", stage_named<Name>);
}

// ---- stages that several workers may run
template <fixed_string Name, typename KeyOf, typename Gets>
constexpr void key_cannot_be_taken() {
  MILLRACE_SAY("what mr::keyed_by calls takes what the stage takes, or the first of it, and returns the key; give it a function or a member of that",
               stage_named<Name>, Gets, of_type<KeyOf>);
}
template <fixed_string Name>
constexpr void expand_cannot_be_shared() {
  MILLRACE_SAY("an expand keeps the order of what it makes and runs on one worker; remove mr::keyed_by or mr::stateless", stage_named<Name>);
}
template <fixed_string Name>
constexpr void batches_cannot_be_shared() {
  MILLRACE_SAY("the events of a shared stage do not lie side by side; take them one by one, or remove mr::keyed_by or mr::stateless", stage_named<Name>);
}
template <fixed_string Name>
constexpr void retries_cannot_be_shared() {
  MILLRACE_SAY("a shared stage does not try again; use mr::skip or mr::divert, or remove mr::keyed_by or mr::stateless", stage_named<Name>);
}
template <fixed_string Name>
constexpr void degree_of_a_serial_stage() {
  MILLRACE_SAY("one worker at a time can run it; add mr::keyed_by or mr::stateless, or remove mr::degree", stage_named<Name>);
}
template <fixed_string Name, typename F>
constexpr void keyed_handler_must_be_copyable() {
  MILLRACE_SAY("mr::keyed_by copies the handler for each group of keys and this one cannot be copied; keep what cannot in a shared object", stage_named<Name>, of_type<F>);
}
template <fixed_string Name, typename F>
constexpr void stateless_handler_must_be_const() {
  MILLRACE_SAY("a stateless handler is called by several workers at once; make its call operator const, a lambda without mutable, or use mr::keyed_by", stage_named<Name>, of_type<F>);
}
template <fixed_string Name, typename F>
constexpr void stateless_handler_hears_nothing() {
  MILLRACE_SAY("a stateless handler has no hooks, several workers run it at once; use mr::keyed_by, or remove the hooks", stage_named<Name>, of_type<F>);
}

// ---- where the sentence branches
template <typename T>
constexpr void fan_out_of_nothing() {
  MILLRACE_SAY("mr::fan_out without branches; give it stages, as in mr::fan_out(mr::tap<\"a\">(f), mr::tap<\"b\">(g))", this_sentence<T>);
}
template <typename... T>
constexpr void fan_out_of_no_stage() {
  MILLRACE_SAY("a branch is a stage, or stages joined by a bar; a handler needs a verb and a name, as in mr::tap<\"name\">(f)", of_fan_out<T...>);
}
template <typename T>
constexpr void after_names_nothing() {
  MILLRACE_SAY("mr::after<> names nothing; name the stages behind which the sentence goes on", this_sentence<T>);
}
template <fixed_string Name>
constexpr void after_names_no_stage() {
  MILLRACE_SAY("no stage of that name stands before it; name a stage that does, or event", of_stages<"mr::after", Name>);
}
template <fixed_string Name, fixed_string Nearest>
constexpr void after_names_no_stage_but() {
  MILLRACE_SAY("no stage of that name stands before it; name a stage that does, or event", of_stages<"mr::after", Name>, did_you_mean<Nearest>);
}

template <fixed_string Name>
constexpr void after_names_an_earlier_ring() {
  MILLRACE_SAY("that stage stands before an expand, where the sentence cannot go back to; name a stage behind it", of_stages<"mr::after", Name>);
}

// ---- what plans must keep to
template <fixed_string Spelled, fixed_string... Name>
constexpr void constraint_names_too_few() {
  MILLRACE_SAY("mr::together needs two names or more, mr::apart one or more; name stages that stand before it", of_stages<Spelled, Name...>);
}
template <fixed_string Spelled, fixed_string Name>
constexpr void constraint_names_no_stage() {
  MILLRACE_SAY("no stage of that name stands before it; put it behind the stages that it names", of_stages<Spelled, Name>);
}
template <fixed_string Spelled, fixed_string... Name>
constexpr void constraint_names_one_twice() {
  MILLRACE_SAY("a name stands there twice; name each stage once", of_stages<Spelled, Name...>);
}
template <fixed_string Spelled, fixed_string... Name>
constexpr void constraints_contradict() {
  MILLRACE_SAY("that contradicts what was said before, two stages would have to be both together and apart; remove one of the two",
               of_stages<Spelled, Name...>);
}

// ---- handlers and sentences as values
template <fixed_string Name, typename F>
constexpr void handler_cannot_enter() {
  MILLRACE_SAY("the sentence holds its handlers and this one cannot be moved into it; pass it with std::move, or pass a lambda that refers to it",
               stage_named<Name>, of_type<F>);
}
template <fixed_string Name, typename F>
constexpr void sentence_cannot_be_copied() {
  MILLRACE_SAY("using a sentence by its name copies its handlers and this one cannot be copied; write std::move(sentence) to use it up",
               stage_named<Name>,
               of_type<F>);
}
template <typename F>
constexpr void generator_cannot_be_copied() {
  MILLRACE_SAY("using a sentence by its name copies its generator and this one cannot be copied; write std::move(sentence) to use it up",
               of_type<F>);
}

// ---- the sentence as a whole
template <typename T>
constexpr void not_a_stage() {
  MILLRACE_SAY("no piece of a sentence; a handler needs a verb and a name, as in mr::tap<\"name\">(f)", of_type<T>);
}
template <fixed_string Name>
constexpr void too_many_stages() {
  MILLRACE_SAY("a pipeline holds at most 61 stages and this would be one more; split it into two pipelines", stage_named<Name>);
}
template <typename T>
constexpr void no_source() {
  MILLRACE_SAY("a pipeline begins with a source; write mr::from<Event>() or mr::generate(f) before its stages", this_sentence<T>);
}
template <typename T>
constexpr void no_stage() {
  MILLRACE_SAY("a pipeline needs at least one stage after its source; add one with | mr::tap<\"name\">(f)", this_sentence<T>);
}
template <typename T>
constexpr void source_in_the_middle() {
  MILLRACE_SAY("a source can only stand first; remove it, or make a second pipeline", this_sentence<T>);
}

// ---- what comes while it runs
template <typename T>
constexpr void only_a_tap_can_be_attached() {
  MILLRACE_SAY("to a pipeline that runs only a tap can be attached, as mr::tap<\"spy\">(f) or mr::after<\"stage\"> | mr::tap<\"spy\">(f); write that, or put it in the sentence", this_sentence<T>);
}
template <fixed_string Name>
constexpr void option_of_a_stage() {
  MILLRACE_SAY("a tap that is attached has mr::in_batches, mr::takes<names>, mr::every, mr::on_error, mr::idempotent and mr::on_worker(n); remove other options, or put it in the sentence", stage_named<Name>);
}
template <fixed_string Name>
constexpr void divert_of_an_attached_tap() {
  MILLRACE_SAY("nobody stands beside a tap that is attached, to see what it fails at; use mr::skip or mr::retry, or catch it in the tap", stage_named<Name>);
}

}  // namespace millrace
