// SPDX-License-Identifier: Apache-2.0
#include "ctl/terminal.hpp"

#include <poll.h>
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

/// A signal interrupts waiting for input, and the terminal is put right before the program ends.
/// Signals are let in while it waits only, so that none is lost before.
class Interruptible {
 public:
  Interruptible() {
    struct sigaction action {};
    action.sa_handler = [](int) {};
    sigset_t caught;
    ::sigemptyset(&caught);
    for (std::size_t i = 0; i < signals.size(); ++i) {
      ::sigaction(signals[i], &action, &before_[i]);
      ::sigaddset(&caught, signals[i]);
    }
    ::sigprocmask(SIG_BLOCK, &caught, &open_);
  }
  ~Interruptible() {
    ::sigprocmask(SIG_SETMASK, &open_, nullptr);
    for (std::size_t i = 0; i < signals.size(); ++i) ::sigaction(signals[i], &before_[i], nullptr);
  }
  Interruptible(const Interruptible&) = delete;
  Interruptible& operator=(const Interruptible&) = delete;

  void wait_for_input() const {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    if (::ppoll(&input, 1, nullptr, &open_) < 0) {
      throw std::runtime_error(errno == EINTR ? "interrupted" : "cannot be read");
    }
  }

 private:
  static constexpr std::array signals{SIGINT, SIGTERM, SIGHUP, SIGQUIT};
  std::array<struct sigaction, signals.size()> before_{};
  sigset_t open_{};
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
std::string read_line(const Interruptible* terminal) {
  std::string line;
  char c = 0;
  while (true) {
    if (terminal != nullptr) terminal->wait_for_input();
    const ssize_t n = ::read(STDIN_FILENO, &c, 1);
    if (n < 0) throw std::runtime_error("cannot be read");
    if (n == 0 && line.empty()) throw std::runtime_error("there was no password");
    if (n == 0 || c == '\n') return line;
    if (line.size() == longest_line) throw std::runtime_error("the password is too long");
    line += c;
  }
}

std::string ask(const std::string& question, const Interruptible& terminal) {
  std::cerr << question << std::flush;
  return read_line(&terminal);
}

}  // namespace

std::string ask_for_password(const std::string& name, bool twice) {
  if (::isatty(STDIN_FILENO) == 0) return read_line(nullptr);
  const Interruptible terminal;
  const NoEcho no_echo;
  std::string password = ask("Password of " + name + ": ", terminal);
  if (twice && ask("Again: ", terminal) != password) throw std::runtime_error("the two differ");
  return password;
}

}  // namespace romp::ctl
