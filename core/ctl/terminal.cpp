// SPDX-License-Identifier: Apache-2.0
#include "ctl/terminal.hpp"

#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <iostream>
#include <stdexcept>

namespace romp::ctl {
namespace {

constexpr std::size_t longest_line = 4096;

/// A signal interrupts reading, and the terminal is put right before the program ends.
class Interruptible {
 public:
  Interruptible() {
    struct sigaction action {};
    action.sa_handler = [](int) {};
    for (std::size_t i = 0; i < signals.size(); ++i) ::sigaction(signals[i], &action, &before_[i]);
  }
  ~Interruptible() {
    for (std::size_t i = 0; i < signals.size(); ++i) ::sigaction(signals[i], &before_[i], nullptr);
  }
  Interruptible(const Interruptible&) = delete;
  Interruptible& operator=(const Interruptible&) = delete;

 private:
  static constexpr std::array signals{SIGINT, SIGTERM, SIGHUP, SIGQUIT};
  std::array<struct sigaction, signals.size()> before_{};
};

/// The terminal shows nothing of what is typed.
class NoEcho {
 public:
  NoEcho() {
    if (::tcgetattr(STDIN_FILENO, &before_) != 0) throw std::runtime_error("no terminal");
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    quiet.c_lflag |= ECHONL;
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
  }
  ~NoEcho() { ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_); }
  NoEcho(const NoEcho&) = delete;
  NoEcho& operator=(const NoEcho&) = delete;

 private:
  termios before_{};
};

/// Octet by octet, so that nothing behind the line is taken, and no buffer keeps it.
std::string read_line() {
  std::string line;
  char c = 0;
  while (true) {
    const ssize_t n = ::read(STDIN_FILENO, &c, 1);
    if (n < 0) throw std::runtime_error(errno == EINTR ? "interrupted" : "cannot be read");
    if (n == 0 && line.empty()) throw std::runtime_error("there was no password");
    if (n == 0 || c == '\n') return line;
    if (line.size() == longest_line) throw std::runtime_error("the password is too long");
    line += c;
  }
}

std::string ask(const std::string& question) {
  std::cerr << question << std::flush;
  return read_line();
}

}  // namespace

std::string ask_for_password(const std::string& name, bool twice) {
  if (::isatty(STDIN_FILENO) == 0) return read_line();
  const Interruptible interruptible;
  const NoEcho no_echo;
  std::string password = ask("Password of " + name + ": ");
  if (twice && ask("Again: ") != password) throw std::runtime_error("the two differ");
  return password;
}

}  // namespace romp::ctl
