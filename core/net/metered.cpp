// SPDX-License-Identifier: Apache-2.0
#include "net/metered.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <limits>
#include <vector>

namespace romp::net {
namespace {

constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();

/// The first `most` octets of the rooms.
std::vector<iovec> first_of(std::span<const iovec> rooms, std::size_t most) {
  std::vector<iovec> part;
  for (const iovec& room : rooms) {
    if (most == 0) break;
    part.push_back({room.iov_base, std::min(room.iov_len, most)});
    most -= part.back().iov_len;
  }
  return part;
}

}  // namespace

Metered::Metered(Worker& worker, std::unique_ptr<Transport> below, Toll toll)
    : worker_(&worker), below_(std::move(below)), toll_(std::move(toll)), own_(toll_.octets) {}

std::size_t Metered::allowance(base::Time now) {
  std::size_t most = own_.is_limited() ? own_.left(now) : no_limit;
  if (toll_.visit && toll_.visit->octets().is_limited()) {
    most = std::min(most, toll_.visit->octets().left(now));
  }
  return most;
}

base::Time Metered::due(base::Time now) {
  base::Time due = own_.is_limited() ? own_.due(now) : now;
  if (toll_.visit && toll_.visit->octets().is_limited()) {
    due = std::max(due, toll_.visit->octets().due(now));
  }
  return due;
}

std::size_t Metered::read_some(std::span<const iovec> into, error_code& error) {
  error = {};
  if (!early_.empty()) return early_.read(into);
  const std::size_t most = allowance(base::Clock::now());
  if (most == no_limit) return below_->read_some(into, error);
  spent_ = most == 0;
  if (spent_) {
    error = boost::asio::error::would_block;
    return 0;
  }
  const std::size_t n = below_->read_some(first_of(into, most), error);
  own_.spend(n);
  if (toll_.visit) toll_.visit->octets().spend(n);
  return n;
}

void Metered::wait_readable(TransportUser& user) {
  if (!early_.empty()) {
    boost::asio::post(worker_->context(),
                      [keep = base::Ptr<TransportUser>(&user)] { keep->on_readable({}); });
  } else if (spent_) {
    if (toll_.pauses != nullptr) toll_.pauses->fetch_add(1, std::memory_order_relaxed);
    waiting_ = &user;
    worker_->wheel().set(*this, due(base::Clock::now()));
  } else {
    below_->wait_readable(user);
  }
}

void Metered::on_alarm() {
  spent_ = false;
  const base::Ptr<TransportUser> user = std::move(waiting_);
  waiting_.reset();
  if (user) below_->wait_readable(*user);
}

void Metered::move_to(Worker& worker, error_code& error) {
  worker_ = &worker;
  below_->move_to(worker, error);
}

void Metered::close() noexcept {
  cancel();
  waiting_.reset();
  below_->close();
}

}  // namespace romp::net
