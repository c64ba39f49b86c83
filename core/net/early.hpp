// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/uio.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <span>
#include <string>

namespace romp::net {

/// Octets that were read too early and are read again: then they are overwritten here, as they may
/// be a CONNECT with its passcode. Empty, it is one pointer.
class Early {
 public:
  bool empty() const noexcept { return octets_ == nullptr; }

  /// They come before those that are here already.
  void put_back(std::string octets) {
    if (octets_) octets += *octets_;
    octets_ = octets.empty() ? nullptr : std::make_unique<std::string>(std::move(octets));
  }

  /// Takes as many as there is room for; not when empty.
  std::size_t read(std::span<const iovec> into) {
    std::size_t taken = 0;
    for (const iovec& room : into) {
      const std::size_t n = std::min(room.iov_len, octets_->size() - taken);
      std::memcpy(room.iov_base, octets_->data() + taken, n);
      taken += n;
    }
    forget(taken);
    return taken;
  }

 private:
  void forget(std::size_t taken) noexcept {
    const std::size_t rest = octets_->size() - taken;
    std::memmove(octets_->data(), octets_->data() + taken, rest);
    ::explicit_bzero(octets_->data() + rest, taken);
    octets_->resize(rest);
    if (rest == 0) octets_.reset();
  }

  std::unique_ptr<std::string> octets_;
};

}  // namespace romp::net
