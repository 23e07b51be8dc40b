// SPDX-License-Identifier: MIT
// What a handler gets besides values: its position, and whole batches.
#pragma once
#include <cstddef>
#include <cstdint>
#include <new>
#include <type_traits>
#include <utility>

#include <millrace/base/errors.hpp>
#include <millrace/base/sequence.hpp>

namespace millrace {

/// Where a handler stands. Ask for it with a last parameter of this type.
struct at {
  millrace::sequence sequence;
  bool last_of_batch;  ///< nothing more is available just now: a good moment to flush
};

/// The events of a batch that reached the stage, in order: contiguous in memory but for those a filter dropped.
/// `batch<T const>` looks, `batch<T>` changes. A view: valid during the call.
template <typename T>
class batch {
 public:
  class iterator {
   public:
    using value_type = std::remove_const_t<T>;
    using difference_type = std::ptrdiff_t;

    iterator() = default;
    iterator(T* now, T* end, std::uint8_t const* status) noexcept : now_{now}, end_{end}, status_{status} { skip(); }
    auto operator*() const noexcept -> T& { return *now_; }
    auto operator->() const noexcept -> T* { return now_; }
    auto operator++() noexcept -> iterator& {
      ++now_;
      if (status_ != nullptr) ++status_;
      skip();
      return *this;
    }
    auto operator++(int) noexcept -> iterator {
      auto const before = *this;
      ++*this;
      return before;
    }
    auto operator==(iterator const& other) const noexcept -> bool { return now_ == other.now_; }
    [[nodiscard]] auto slot() const noexcept -> T* { return now_; }

   private:
    void skip() noexcept {
      if (status_ == nullptr) return;
      while (now_ != end_ && *status_ != 0) ++now_, ++status_;
    }
    T *now_ = nullptr, *end_ = nullptr;
    std::uint8_t const* status_ = nullptr;  // of the event at now_; null: every event passed
  };

  batch(T* begin, std::size_t slots, sequence first, std::uint8_t const* status, std::size_t* done = nullptr) noexcept
      : begin_{begin}, slots_{slots}, first_{first}, status_{status}, done_{done} {}

  [[nodiscard]] auto begin() const noexcept -> iterator { return {begin_, begin_ + slots_, status_}; }
  [[nodiscard]] auto end() const noexcept -> iterator { return {begin_ + slots_, begin_ + slots_, nullptr}; }
  /// How many events it has. Counts if a filter stands before the stage.
  [[nodiscard]] auto size() const noexcept -> std::size_t {
    if (status_ == nullptr) return slots_;
    std::size_t n = 0;
    for (std::size_t i = 0; i < slots_; ++i) n += status_[i] == 0 ? 1 : 0;
    return n;
  }
  [[nodiscard]] auto empty() const noexcept -> bool { return begin() == end(); }
  /// The sequence of the first slot, whether or not its event passed.
  [[nodiscard]] auto first_sequence() const noexcept -> sequence { return first_; }
  /// The handler has done everything before `it`: if it throws, the event at `it` has failed, and it is called again for those
  /// behind. Without this the first event of the batch has. (Results and verdicts that were given say it by themselves.)
  void done_before(iterator it) const noexcept {
    if (done_ != nullptr) *done_ = static_cast<std::size_t>(it.slot() - begin_);
  }
  /// The values as one array, if no filter dropped any of them; else null.
  [[nodiscard]] auto data() const noexcept -> T* { return size() == slots_ ? begin_ : nullptr; }

 private:
  T* begin_;
  std::size_t slots_;
  sequence first_;
  std::uint8_t const* status_;
  std::size_t* done_;
};

/// A batch handler that made fewer or more results than it got events.
struct bad_batch : error {
  using error::error;
};

/// Where a mapping batch handler puts its results: one for each event, in the order of the batch. The last parameter of
/// `void(batch<T const>, results<R>&)`.
template <typename R>
class results {
 public:
  using result_type = R;

  /// `made` says per slot what must be destroyed first; null if nothing ever must.
  results(R* next, std::size_t slots, std::uint8_t* made, std::uint8_t const* status) noexcept
      : begin_{next}, next_{next}, end_{next + slots}, made_{made}, status_{status} { skip(); }

  /// Makes the result of the next event.
  /// Throws     bad_batch if every event has one already; what R's constructor throws.
  template <typename... Args>
  void operator()(Args&&... args) {
    if (next_ == end_) throw bad_batch{"millrace: a batch handler made more results than it got events"};
    if constexpr (!std::is_trivially_destructible_v<R>) {
      if (*made_ != 0) *made_ = 0, next_->~R();
      ::new (static_cast<void*>(next_)) R(std::forward<Args>(args)...);
      *made_ = 1;
    } else {
      ::new (static_cast<void*>(next_)) R(std::forward<Args>(args)...);
    }
    step();
    skip();
  }
  /// Every event has its result.
  [[nodiscard]] auto complete() const noexcept -> bool { return next_ == end_; }
  /// Slots before the first event that has none.
  [[nodiscard]] auto slots_done() const noexcept -> std::size_t { return static_cast<std::size_t>(next_ - begin_); }

 private:
  void step() noexcept {
    ++next_;
    if (made_ != nullptr) ++made_;
    if (status_ != nullptr) ++status_;
  }
  void skip() noexcept {
    while (status_ != nullptr && next_ != end_ && *status_ != 0) step();
  }

  R *begin_, *next_, *end_;
  std::uint8_t* made_;
  std::uint8_t const* status_;
};

/// Where a filtering batch handler says which events go on: one answer for each event, in the order of the batch. The last
/// parameter of `void(batch<T const>, verdicts&)`.
class verdicts {
 public:
  /// `mark` is what the status of a dropped event becomes. With a filter before this one its drops are skipped.
  verdicts(std::uint8_t* status, std::size_t slots, std::uint8_t mark, bool behind_a_filter) noexcept
      : begin_{status}, next_{status}, end_{status + slots}, mark_{mark}, behind_{behind_a_filter} { skip(); }

  /// The next event goes on, or not.
  /// Throws     bad_batch if every event has its answer already.
  void operator()(bool goes_on) {
    if (next_ == end_) throw bad_batch{"millrace: a batch filter gave more answers than it got events"};
    *next_++ = goes_on ? 0 : mark_;
    skip();
  }
  [[nodiscard]] auto complete() const noexcept -> bool { return next_ == end_; }
  /// Slots before the first event that has none.
  [[nodiscard]] auto slots_done() const noexcept -> std::size_t { return static_cast<std::size_t>(next_ - begin_); }

 private:
  void skip() noexcept {
    while (behind_ && next_ != end_ && *next_ != 0) ++next_;
  }

  std::uint8_t *begin_, *next_, *end_;
  std::uint8_t mark_;
  bool behind_;
};

}  // namespace millrace
