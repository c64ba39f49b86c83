// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "auth/permissions.hpp"
#include "broker/broker.hpp"
#include "session/client_subscription.hpp"
#include "session/step.hpp"
#include "session/temporary_queues.hpp"
#include "session/transaction.hpp"
#include "session/users.hpp"

namespace romp::session {

class Connection;
struct Access;
struct Environment;

/// One client's STOMP conversation after CONNECTED: its subscriptions, transactions and what each
/// command does. The handler of a command carries its name. One worker.
///
/// Handlers throw stomp::ProtocolError for what the client does wrong and broker::Refused for what
/// the broker does not want.
class Session {
 public:
  explicit Session(Connection& connection);
  ~Session();

  void on_frame(Step& step);

  /// What the session may do from now on; null: everything, for ever.
  void give_access(std::unique_ptr<Access> access);
  /// What it takes of what its user may take; null: that is not counted.
  void take_place(std::unique_ptr<Users::Place> place) noexcept { place_ = std::move(place); }
  /// When its token is over; max: never.
  base::Time ends() const noexcept;
  /// Throws ProtocolError where the frame is about a destination that this user may not use so.
  void check_access(const stomp::Frame& frame);
  /// What it is subscribed to and may not read any more, or not in the same way; empty: nothing.
  std::string what_is_forbidden_now() const;

  /// It has no subscription, no transaction, no temporary queue and no SEND that waits.
  bool only_sends() const noexcept {
    return subscriptions_.empty() && transactions_.empty() && !temporary_ && !waiting_;
  }

  /// Ends subscriptions, drops open transactions, deletes temporary queues. Safe to call twice.
  void end();

  /// The outbox has drained: queues that were told to wait give again.
  void has_room_again();

  /// Is a SEND waiting for room in its destination?
  bool is_waiting() const noexcept { return waiting_ != nullptr; }
  /// There is room: the SEND that waited.
  std::unique_ptr<Step> take_waiting() noexcept { return std::move(waiting_); }
  /// There was none for too long: the SEND that waits no more.
  std::unique_ptr<Step> give_up_waiting();

  const std::vector<base::Ptr<ClientSubscription>>& subscriptions() const noexcept {
    return subscriptions_;
  }
  /// The id of the subscription to what the client calls `destination`; empty: none.
  std::string_view subscription_to(std::string_view destination) const;

 private:
  enum class Effect { done, none };  ///< none: answered, deferred or waiting; nothing more to do

  Effect run(Step& step);
  Effect on_send(Step& step);
  Effect on_subscribe(Step& step);
  Effect on_unsubscribe(Step& step);
  Effect on_settle(Step& step, bool positive);
  Effect on_begin(Step& step);
  Effect on_commit(Step& step);
  Effect on_abort(Step& step);
  Effect on_disconnect(Step& step);
  Effect on_unhandled(Step& step, const char* message, std::string detail);

  bool passes(Step& step, std::uint32_t stage);

  // permissions
  void require(auth::Verb verb, std::string_view destination) const;
  void require_read(std::string_view destination) const;
  [[noreturn]] void refuse_access(auth::Verb verb, std::string_view destination) const;
  broker::DestinationPtr find_or_create(std::string_view name);

  // SEND
  /// Passes an administrator's order on. False: nobody takes orders here.
  bool obey(const stomp::Frame& frame, std::string_view destination);
  broker::DestinationPtr destination_for_send(std::string_view name);
  void rewrite_reply_to(stomp::Frame& frame);
  broker::MessagePtr message_from(const stomp::Frame& frame, const broker::Destination& to) const;
  Effect publish(Step& step, broker::DestinationPtr to, broker::MessagePtr message);
  broker::Waiter* waiter_for(const broker::Destination& destination);
  void look_for_a_better_worker(const broker::Destination& destination);

  // SUBSCRIBE
  broker::Terms terms_from(const stomp::Frame& frame) const;
  void subscribe(broker::Terms terms, Wish wish);
  void subscribe_to_pattern(const base::Ptr<ClientSubscription>& subscription);
  void subscribe_to(broker::DestinationPtr destination,
                    const base::Ptr<ClientSubscription>& subscription);
  broker::DestinationPtr make_temporary(std::string_view name);

  // ACK, NACK
  struct Settled {
    ClientSubscription* subscription;
    std::uint64_t number;
  };
  Settled delivery_named_by(const stomp::Frame& frame);
  void settle(ClientSubscription& subscription, std::uint64_t number, bool positive, bool requeue);

  ClientSubscription* find_slot(std::uint32_t slot) noexcept;
  std::vector<base::Ptr<ClientSubscription>>::iterator find_id(std::string_view id);
  void end_subscription(const base::Ptr<ClientSubscription>& subscription);
  void leave_destination(ClientSubscription& subscription);
  void tell(std::uint32_t event, const ClientSubscription& subscription) const;
  Transaction* transaction_of(const stomp::Frame& frame);
  void commit(const HeldSend& send);
  void hold(Transaction& transaction, std::variant<HeldSend, HeldSettlement> step,
            std::size_t octets);
  const Environment& environment() const noexcept;

  Connection& connection_;
  std::vector<base::Ptr<ClientSubscription>> subscriptions_;  ///< by slot, rising
  std::vector<Transaction> transactions_;
  std::unique_ptr<TemporaryQueues> temporary_;
  std::unique_ptr<Step> waiting_;            ///< a SEND that its full destination does not take yet
  base::Ptr<broker::Waiter> waiter_;         ///< made when it is first needed
  std::string last_name_;                    ///< the destination of the last SEND,
  broker::DestinationPtr last_destination_;  ///< found without a search
  std::uint32_t last_slot_ = 0;
  std::uint32_t sent_ = 0;               ///< SEND frames that were accepted
  std::uint32_t brought_to_life_ = 0;    ///< destinations
  std::unique_ptr<Access> access_;       ///< null: everything is allowed
  std::unique_ptr<Users::Place> place_;  ///< null: the user is not counted
};

}  // namespace romp::session
