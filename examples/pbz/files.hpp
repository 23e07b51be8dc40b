// SPDX-License-Identifier: MIT
// The files of one run, by bzip2's rules: what is read, what it becomes, and what is left behind if something goes wrong.
#pragma once
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "options.hpp"

namespace pbz {

/// A file that cannot be worked on: the others can.
struct bad_file : std::runtime_error {
  explicit bad_file(std::string const& what, bool matters_much = true) : std::runtime_error{what}, matters{matters_much} {}
  bool matters;  // said with -q too
};

/// Why the last call failed.
[[nodiscard]] inline auto reason() -> std::string { return std::generic_category().message(errno) + "."; }

class file_descriptor {
 public:
  explicit file_descriptor(int fd = -1) noexcept : fd_{fd} {}
  file_descriptor(file_descriptor&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
  auto operator=(file_descriptor other) noexcept -> file_descriptor& { return std::swap(fd_, other.fd_), *this; }
  ~file_descriptor() {
    if (fd_ > STDERR_FILENO) ::close(fd_);
  }
  [[nodiscard]] auto get() const noexcept -> int { return fd_; }
  /// Whether all that was written has arrived, as far as the system says so.
  [[nodiscard]] auto close() noexcept -> bool { return fd_ <= STDERR_FILENO || ::close(std::exchange(fd_, -1)) == 0; }

 private:
  int fd_;
};

/// What a file is called after compressing or decompressing; whether that is a guess.
[[nodiscard]] inline auto name_after(std::string const& name, options const& o, bool& guessed) -> std::string {
  using namespace std::string_literals;
  for (auto const& [end, becomes] : {std::pair{".bz2"s, ""s}, {".bz"s, ""s}, {".tbz2"s, ".tar"s}, {".tbz"s, ".tar"s}}) {
    if (!name.ends_with(end)) continue;
    if (o.does == mode::compress) throw bad_file{("Input file " + name).append(" already has ").append(end).append(" suffix."), false};
    return name.substr(0, name.size() - end.size()) + becomes;
  }
  if (o.does == mode::compress) return name + ".bz2";
  guessed = true;
  return name + ".out";
}

/// A file and what becomes of it. Without keep() the output is removed again; a signal that ends the program removes it too.
class file_pair {
 public:
  /// Throws     bad_file.
  file_pair(std::string const& name, options const& o) : from_name{name == "-" ? "(stdin)" : name}, to_name{"(stdout)"} {
    auto const compresses = o.does == mode::compress;
    if (name == "-") {
      from_ = file_descriptor{STDIN_FILENO};
      if (!compresses && ::isatty(STDIN_FILENO) != 0) throw bad_file{"I won't read compressed data from a terminal."};
    } else {
      open_input(name, o);
    }
    if (o.does == mode::test) return;
    if (name == "-" || o.to_stdout) {
      to_ = file_descriptor{STDOUT_FILENO};
      if (compresses && ::isatty(STDOUT_FILENO) != 0) throw bad_file{"I won't write compressed data to a terminal."};
      return;
    }
    open_output(o);
  }
  file_pair(file_pair const&) = delete;
  auto operator=(file_pair const&) -> file_pair& = delete;
  ~file_pair() {
    if (!has_output()) return;
    std::fprintf(stderr, "pbz: Deleting output file %s, if it exists.\n", to_name.c_str());
    ::unlink(to_name.c_str());
    remove_if_killed(nullptr);
  }

  /// The output is whole: it gets what the input had (mode, owner, times), and the input goes, unless it is to stay.
  /// Throws     std::system_error.
  void keep(bool input_too) {
    if (!has_output()) return;
    struct stat about{};
    if (::fstat(from_.get(), &about) == 0) {
      timespec const times[] = {about.st_atim, about.st_mtim};
      static_cast<void>(::fchown(to_.get(), about.st_uid, about.st_gid) == 0);  // only root may
      static_cast<void>(::fchmod(to_.get(), about.st_mode) == 0);
      static_cast<void>(::futimens(to_.get(), times) == 0);
    }
    if (!to_.close()) throw std::system_error{errno, std::generic_category(), to_name};
    remove_if_killed(nullptr);
    kept_ = true;
    if (!input_too) ::unlink(from_name.c_str());
  }

  [[nodiscard]] auto from() const noexcept -> int { return from_.get(); }
  [[nodiscard]] auto to() const noexcept -> int { return to_.get(); }
  std::string from_name, to_name;

 private:
  /// Complains in the order in which bzip2 does.
  void open_input(std::string const& name, options const& o) {
    struct stat about{}, link{};
    if (::stat(name.c_str(), &about) != 0) throw bad_file{(o.does == mode::test ? "Can't open input " : "Can't open input file ") + name + ": " + reason()};
    bool guessed = false;
    auto becomes = o.does == mode::test ? std::string{} : name_after(name, o, guessed);
    if (S_ISDIR(about.st_mode)) throw bad_file{"Input file " + name + " is a directory."};
    if (o.does != mode::test && !o.to_stdout) {
      to_name = std::move(becomes);
      if (!o.force && (::lstat(name.c_str(), &link) != 0 || !S_ISREG(link.st_mode))) throw bad_file{"Input file " + name + " is not a normal file.", false};
      if (guessed && !o.quiet) std::fprintf(stderr, "pbz: Can't guess original name for %s -- using %s\n", name.c_str(), to_name.c_str());
      if (!o.force && ::access(to_name.c_str(), F_OK) == 0) throw bad_file{"Output file " + to_name + " already exists."};
      if (auto const others = about.st_nlink - 1; !o.force && others > 0) throw bad_file{"Input file " + name + " has " + std::to_string(others) + (others > 1 ? " other links." : " other link.")};
    }
    from_ = file_descriptor{::open(name.c_str(), O_RDONLY | O_CLOEXEC)};
    if (from_.get() < 0) throw bad_file{"Can't open input file " + name + ": " + reason()};
  }
  void open_output(options const& o) {
    if (o.force) ::unlink(to_name.c_str());
    to_ = file_descriptor{::open(to_name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR)};
    if (to_.get() < 0 && errno == EEXIST) throw bad_file{"Output file " + to_name + " already exists."};
    if (to_.get() < 0) throw bad_file{"Can't create output file " + to_name + ": " + reason()};
    remove_if_killed(to_name.c_str());
  }
  [[nodiscard]] auto has_output() const noexcept -> bool { return !kept_ && to_.get() > STDERR_FILENO; }
  static void remove_if_killed(char const* name) {
    unfinished = name;
    for (int const s : {SIGINT, SIGTERM, SIGHUP}) {
      std::signal(s, name == nullptr ? SIG_DFL : [](int signal) {
        if (char const* const there = unfinished) ::unlink(there);
        ::_exit(128 + signal);
      });
    }
  }
  static inline char const* volatile unfinished = nullptr;

  file_descriptor from_, to_;
  bool kept_ = false;
};

}  // namespace pbz
