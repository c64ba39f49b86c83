// SPDX-License-Identifier: Apache-2.0
#include "client/connection.hpp"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <utility>

#include "stomp/error.hpp"
#include "stomp/writer.hpp"

namespace romp::client {
namespace {

namespace asio = boost::asio;

constexpr std::size_t read_at_once = 64 * 1024;
constexpr std::size_t worth_keeping = 1024 * 1024;  ///< more memory for output is given back

bool nothing_now(const net::error_code& error) {
  return error == asio::error::would_block || error == asio::error::try_again;
}

/// STOMP 1.0 has no escapes: a line end would forge a header.
bool fits_1_0(std::span<const stomp::Header> headers) {
  const auto is_forged = [](std::string_view text) {
    return text.find_first_of("\r\n") != text.npos;
  };
  return std::ranges::none_of(headers, [&](const stomp::Header& header) {
    return is_forged(header.name) || header.name.find(':') != header.name.npos ||
           is_forged(header.value);
  });
}

std::string spoken(const net::error_code& error) {
  return error == asio::error::eof ? "the server has closed the connection" : error.message();
}

}  // namespace

Connection::Connection(net::Worker& worker, Settings settings, std::shared_ptr<TlsContext> tls,
                       Owner& owner)
    : worker_(worker),
      settings_(std::move(settings)),
      tls_(std::move(tls)),
      owner_(owner),
      backoff_(settings_.retry_min, settings_.retry_max),
      chance_(std::random_device()()),
      reader_(settings_.limits) {}

void Connection::start() { dial(); }

// ---- dialling ---------------------------------------------------------------------------------

void Connection::dial() {
  state_ = State::connecting;
  due_ = base::Clock::now() + settings_.connect_timeout;
  arm();
  dialer_ = new Dialer(worker_.context());
  dialer_->dial(settings_.addresses[address_], tls_,
                [self = base::Ptr<Connection>(this)](auto transport, const std::string& why) {
                  self->dialled(std::move(transport), why);
                });
}

void Connection::dialled(std::unique_ptr<net::Transport> transport, const std::string& why) {
  dialer_ = nullptr;
  if (!transport) return lose(why);
  transport_ = std::move(transport);
  room_.resize(read_at_once);
  last_heard_ = last_sent_ = base::Clock::now();
  writing_ = connect_frame(settings_, settings_.addresses[address_]);
  written_ = 0;
  write();
  want_input();
}

/// The first frame decides. False: it was no CONNECTED, and the link is lost.
bool Connection::greet(std::unique_ptr<stomp::Batch> answer) {
  const bool refused = answer->items.front().command == stomp::Command::error;
  try {
    const auto greeting = greeting_of(settings_, *answer);
    beat_ = greeting.beat;
    reader_.set_version(greeting.version);
    state_ = State::up;
    up_since_ = base::Clock::now();
    due_ = base::Time::max();
    std::uint64_t epoch = 0;
    {
      const std::lock_guard lock(mutex_);
      version_ = greeting.version;
      status_.state = State::up;
      epoch = ++status_.epoch;
    }
    arm();
    owner_.on_up(epoch, std::move(answer));
    return state_ == State::up;
  } catch (const stomp::ProtocolError& error) {
    lose(error.detail(), refused);
    return false;
  }
}

// ---- reading ----------------------------------------------------------------------------------

void Connection::want_input() {
  if (waits_readable_ || paused_ || !transport_) return;
  waits_readable_ = true;
  transport_->wait_readable(*this);
}

void Connection::on_readable(net::error_code error) {
  if (error == asio::error::operation_aborted) return;  // of a link that has ended
  waits_readable_ = false;
  if (!transport_) return;
  if (paused_ && !error) return;  // it was waited for before
  error ? lose(spoken(error)) : read();
  want_input();
}

void Connection::read() {
  const iovec into{room_.data(), room_.size()};
  net::error_code error;
  const std::size_t n = transport_->read_some({&into, 1}, error);
  if (error && !nothing_now(error)) return lose(spoken(error));
  if (n == 0) return;
  last_heard_ = base::Clock::now();
  try {
    take({room_.data(), n});
  } catch (const stomp::ProtocolError& wrong) {
    lose("the server sends what cannot be read: " + wrong.detail());
  }
}

void Connection::take(std::string_view octets) {
  if (state_ == State::connecting) {
    auto answer = reader_.take(octets, 1);
    if (!answer || !greet(std::move(answer))) return;
    octets = {};
  }
  auto frames = reader_.take(octets);
  if (!frames) return;
  {
    const std::lock_guard lock(mutex_);
    status_.frames_in += frames->items.size();
  }
  owner_.on_frames(std::move(frames));
}

void Connection::pause() { paused_ = true; }

void Connection::go_on() {
  if (!std::exchange(paused_, false)) return;
  last_heard_ = base::Clock::now();
  arm();
  want_input();
}

// ---- writing ----------------------------------------------------------------------------------

Connection::Sent Connection::send(std::uint64_t epoch, stomp::Command command,
                                  std::span<const stomp::Header> headers, std::string_view body) {
  {
    const std::lock_guard lock(mutex_);
    if (status_.state != State::up || status_.epoch != epoch) return Sent::not_up;
    if (unwritten_ > settings_.most_output) return Sent::full;
    if (version_ == stomp::Version::v1_0 && !fits_1_0(headers)) return Sent::unfit;
    const auto before = pending_.size();
    append_frame(pending_, command, headers, body, version_);
    unwritten_ += pending_.size() - before;
    ++status_.frames_out;
    if (std::exchange(woken_, true)) return Sent::taken;
  }
  worker_.post([self = base::Ptr<Connection>(this)] { self->write(); });
  return Sent::taken;
}

void Connection::write() {
  while (transport_ && !waits_writable_ && begin_writing()) {
    const iovec piece{writing_.data() + written_, writing_.size() - written_};
    net::error_code error;
    const std::size_t n = transport_->write_some({&piece, 1}, error);
    written_ += n;
    if (n != 0) {
      last_sent_ = base::Clock::now();
      const std::lock_guard lock(mutex_);
      unwritten_ -= std::min(n, unwritten_);
    }
    if (nothing_now(error)) {
      waits_writable_ = true;
      transport_->wait_writable(*this);
    } else if (error) {
      lose(spoken(error));
    }
  }
}

/// False: there is nothing to write.
bool Connection::begin_writing() {
  if (written_ < writing_.size()) return true;
  writing_.clear();
  if (writing_.capacity() > worth_keeping) writing_.shrink_to_fit();
  written_ = 0;
  const std::lock_guard lock(mutex_);
  woken_ = false;
  pending_.swap(writing_);
  return !writing_.empty();
}

void Connection::on_writable(net::error_code error) {
  if (error == asio::error::operation_aborted) return;
  waits_writable_ = false;
  if (!transport_) return;
  error ? lose(spoken(error)) : write();
}

// ---- time -------------------------------------------------------------------------------------

void Connection::arm() {
  const auto due = next_due();
  if (due == base::Time::max()) return cancel();
  if (!is_set() || this->due() != due) worker_.wheel().set(*this, due);
}

base::Time Connection::next_due() const {
  base::Time due = due_;
  if (state_ != State::up) return due;
  if (beat_.we_send.count() != 0) due = std::min(due, last_sent_ + beat_.send_after());
  if (beat_.they_send.count() != 0 && !paused_) {
    due = std::min(due, last_heard_ + beat_.give_up_after());
  }
  if (settings_.max_age.count() != 0) due = std::min(due, up_since_ + settings_.max_age);
  return due;
}

void Connection::on_alarm() {
  const base::Ptr<Connection> self(this);
  const auto now = base::Clock::now();
  if (state_ == State::waiting) {
    if (now >= due_) return dial();
  } else if (state_ == State::connecting) {
    if (now >= due_) return lose("no CONNECTED in time");
  } else if (state_ == State::up) {
    if (beat_.they_send.count() != 0 && !paused_ && now >= last_heard_ + beat_.give_up_after()) {
      return lose("nothing has come in twice the time agreed");
    }
    if (settings_.max_age.count() != 0 && now >= up_since_ + settings_.max_age) {
      return restart("it has reached its age");
    }
    beat();
  }
  arm();
}

/// One line end, never two together: there are servers that only understand one.
void Connection::beat() {
  const auto now = base::Clock::now();
  if (beat_.we_send.count() == 0 || now < last_sent_ + beat_.send_after()) return;
  if (begin_writing() || waits_writable_) return;
  writing_ = "\n";
  last_sent_ = now;
  {
    const std::lock_guard lock(mutex_);
    ++unwritten_;
  }
  write();
}

// ---- ending -----------------------------------------------------------------------------------

void Connection::restart(const std::string& why) {
  if (state_ == State::up) lose(why);
}

void Connection::close() {
  if (state_ == State::closed) return;
  const base::Ptr<Connection> self(this);
  if (state_ == State::up && written_ == writing_.size()) {
    begin_writing();
    append_frame(writing_, stomp::Command::disconnect, {}, {}, version_);
    const iovec piece{writing_.data(), writing_.size()};
    net::error_code ignored;
    transport_->write_some({&piece, 1}, ignored);
    transport_->finish_writing();
  }
  state_ = State::closed;
  due_ = base::Time::max();
  end_link();
  arm();
}

/// A try has failed, or a connection is lost.
void Connection::lose(const std::string& why, bool refused) {
  if (state_ == State::closed || state_ == State::waiting) return;
  const base::Ptr<Connection> self(this);
  const bool was_up = state_ == State::up;
  const auto now = base::Clock::now();
  if (was_up && now - up_since_ >= 2 * settings_.retry_min) backoff_.reset();
  address_ = was_up ? 0 : (address_ + 1) % settings_.addresses.size();
  const bool others_left = !was_up && address_ != 0;
  state_ = State::waiting;
  end_link();
  std::uint64_t epoch = 0;
  {
    const std::lock_guard lock(mutex_);
    ++status_.failures;
    epoch = status_.epoch;
  }
  const auto chance = chance_();
  due_ = now + (others_left ? base::Duration::zero()
                : refused   ? backoff_.longest(chance)
                            : backoff_.next(chance));
  arm();
  owner_.on_down(epoch, refused, why);
}

void Connection::end_link() {
  if (dialer_) dialer_->cancel();
  dialer_ = nullptr;
  if (transport_) transport_->close();
  transport_ = nullptr;
  waits_readable_ = waits_writable_ = paused_ = false;
  reader_.clear();
  reader_.set_version(stomp::Version::v1_2);
  writing_ = {};
  written_ = 0;
  room_ = {};
  const std::lock_guard lock(mutex_);
  status_.state = state_;
  pending_ = {};
  unwritten_ = 0;
}

Status Connection::status() const {
  const std::lock_guard lock(mutex_);
  Status status = status_;
  status.unwritten = unwritten_;
  return status;
}

}  // namespace romp::client
