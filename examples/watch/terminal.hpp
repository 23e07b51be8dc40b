// SPDX-License-Identifier: MIT
// A terminal that is drawn on, and is as before when this ends.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

class terminal {
 public:
  /// Whether both ends are one.
  static auto is_there() -> bool { return ::isatty(STDIN_FILENO) != 0 && ::isatty(STDOUT_FILENO) != 0; }

  terminal() {
    ::tcgetattr(STDIN_FILENO, &before_);
    auto raw = before_;
    raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ISIG);  // Ctrl-C is a key: so the terminal is put in order in any case
    ::tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    say("\x1b[?1049h\x1b[?25l");  // another screen, no cursor
  }
  terminal(terminal const&) = delete;
  auto operator=(terminal const&) -> terminal& = delete;
  ~terminal() {
    say("\x1b[?25h\x1b[?1049l");
    ::tcsetattr(STDIN_FILENO, TCSANOW, &before_);
  }

  /// Columns and rows, as they are now.
  [[nodiscard]] static auto size() -> std::pair<std::size_t, std::size_t> {
    winsize s{};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &s) != 0 || s.ws_col == 0 || s.ws_row == 0) return {80, 24};
    return {s.ws_col, s.ws_row};
  }
  static void show(std::vector<std::string> const& lines) {
    std::string out = "\x1b[H";
    for (std::size_t i = 0; i < lines.size(); ++i) out += (i == 0 ? "" : "\r\n") + lines[i] + "\x1b[K";
    say(out + "\x1b[J");
  }
  /// Waits no longer than `d` for a key. Says whether it was q, Ctrl-C, or the end.
  [[nodiscard]] static auto quits(std::chrono::milliseconds d) -> bool {
    pollfd in{STDIN_FILENO, POLLIN, 0};
    if (::poll(&in, 1, static_cast<int>(d.count())) <= 0) return false;
    char key = 0;
    return ::read(STDIN_FILENO, &key, 1) != 1 || key == 'q' || key == 'Q' || key == '\x03';
  }

 private:
  static void say(std::string const& what) {
    std::fwrite(what.data(), 1, what.size(), stdout);
    std::fflush(stdout);
  }
  termios before_{};
};
