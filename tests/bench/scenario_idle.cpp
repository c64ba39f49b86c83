// SPDX-License-Identifier: Apache-2.0
#include <thread>
#include <vector>

#include "failure.hpp"
#include "frame_writer.hpp"
#include "scenario.hpp"
#include "traffic.hpp"

namespace romp::bench {
namespace {

constexpr std::size_t files_for_others = 64;

class IdleClient final : public FrameHandler {
 public:
  IdleClient(Poller& poller, ReadSpace& space) : connection_(poller, space, *this) {}

  void open(const Endpoint& endpoint, const Greeting& greeting, std::string_view topic) {
    connection_.open(endpoint, greeting);
    if (topic.empty()) return;
    write_frame(connection_.output(), "SUBSCRIBE",
                {{"id", "0"}, {"destination", topic}, {"receipt", "subscribed"}});
    connection_.await_receipt("subscribed");
    connection_.output().release();
  }

 private:
  Connection connection_;
};

// What the broker does late (freeing, compacting) shall not be counted for the connections.
void settle() { std::this_thread::sleep_for(std::chrono::milliseconds(100)); }

void wait_idle(Poller& poller, double duration) {
  const Time end = Clock::now() + from_seconds(duration);
  for (Time now = Clock::now(); now < end; now = Clock::now()) poller.wait(end - now);
}

}  // namespace

Result run_idle(const Options& options) {
  if (raise_file_limit() < options.connections + files_for_others) {
    throw Failure("the limit of open files (ulimit -n) is too low for so many connections");
  }
  const BrokerProcess broker(options.pid);
  const Endpoint endpoint = Endpoint::resolve(options.host, options.port, options.tls);
  const std::string topic = options.subscribe ? fresh_name(options.topic_prefix) : "";
  Poller poller;
  ReadSpace space(4096);
  settle();
  const auto before = static_cast<double>(
      options.empty_broker_memory != 0 ? options.empty_broker_memory : broker.memory());
  const Time start = Clock::now();
  std::vector<std::unique_ptr<IdleClient>> clients;
  for (std::size_t i = 0; i < options.connections; ++i) {
    clients.push_back(std::make_unique<IdleClient>(poller, space));
    clients.back()->open(endpoint, greeting_of(options), topic);
  }
  Result result;
  result.per_second = static_cast<double>(options.connections) / seconds(Clock::now() - start);
  settle();
  const double cpu = broker.cpu_seconds();
  wait_idle(poller, options.duration);
  result.seconds = options.duration;
  result.broker_share = (broker.cpu_seconds() - cpu) / options.duration;
  result.broker_memory = static_cast<double>(broker.memory());
  if (broker.known()) {
    result.octets_per_connection =
        (result.broker_memory - before) / static_cast<double>(options.connections);
  }
  return result;
}

}  // namespace romp::bench
