// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "broker/destination.hpp"
#include "broker/subscription.hpp"
#include "session/connection.hpp"
#include "session/group.hpp"
#include "session/unsettled.hpp"
#include "stomp/frame.hpp"

namespace romp::session {

/// What a SUBSCRIBE frame asked for.
struct Wish {
  std::string id;           ///< as the client wrote it; empty: 1.0 without one
  std::string destination;  ///< as the client wrote it
  std::uint32_t slot = 0;   ///< the session's number for it, never used twice
};

/// A subscription of a client: renders what its destination gives it into the session's outbox.
///
/// `deliver`, `has_room` and `evict` come from any thread, the rest from the session's worker.
class ClientSubscription final : public broker::Subscription {
 public:
  ClientSubscription(broker::Terms terms, Wish wish, Connection& connection);

  bool deliver(const broker::MessagePtr& message, std::uint32_t attempts) noexcept override;
  bool has_room() const noexcept override;
  void evict(const char* reason) noexcept override;
  std::optional<unsigned> worker() const noexcept override;

  Connection& connection() const noexcept { return *connection_; }
  const Wish& wish() const noexcept { return wish_; }
  Unsettled& unsettled() noexcept { return unsettled_; }

  /// True for a delivery that waits to be acknowledged; of a topic, which keeps none, for any.
  bool may_settle(std::uint64_t number) const;

  /// Null for a pattern, which has many.
  const broker::DestinationPtr& destination() const noexcept { return destination_; }
  void set_destination(broker::DestinationPtr destination);

  /// Writes the MESSAGE frame into the outbox.
  void render(const broker::MessagePtr& message, std::uint32_t attempts);
  /// A letter that waited in the mailbox: renders it, or gives it back when the session has gone.
  void open(const broker::MessagePtr& message, std::uint32_t attempts);

  /// No more is rendered from now on.
  void end();
  bool has_ended() const noexcept { return ended_; }

  /// "MESSAGE" up to the part of message-id that differs from message to message.
  const std::string& opening() const noexcept { return opening_; }
  broker::Spelling spelling() const noexcept { return spelling_; }

 private:
  void render_alone(const broker::MessagePtr& message, std::uint32_t attempts,
                    std::uint64_t number);
  void render_filtered(const broker::MessagePtr& message, std::uint32_t attempts,
                       std::uint64_t number);
  char* put_head(char* at, const broker::Message& message, std::uint32_t attempts,
                 std::uint64_t number) const noexcept;
  std::uint64_t number_for(const broker::MessagePtr& message, std::uint32_t attempts);
  bool is_topic() const noexcept { return !destination_ || !destination_->is_queue(); }
  bool acknowledges() const noexcept { return terms().ack != broker::AckMode::automatic; }

  Wish wish_;
  std::string opening_;
  base::Ptr<Connection> connection_;
  broker::DestinationPtr destination_;
  base::Ptr<Group> group_;
  Unsettled unsettled_;
  broker::Spelling spelling_;
  bool ended_ = false;
};

}  // namespace romp::session
