// SPDX-License-Identifier: Apache-2.0
#include <romp/plugin.hpp>

#include <algorithm>
#include <chrono>
#include <string>

namespace {

using seconds = std::chrono::duration<double>;

/// A token bucket: full at first, refilled by time, one token a frame.
class Bucket {
 public:
  explicit Bucket(double burst) : tokens_(burst) {}

  bool take(double rate, double burst, seconds now) {
    if (last_ != seconds::zero()) tokens_ += rate * (now - last_).count();
    tokens_ = std::min(tokens_, burst);
    last_ = now;
    if (tokens_ < 1) return false;
    tokens_ -= 1;
    return true;
  }

 private:
  double tokens_;
  seconds last_{};
};

int at_least(int least, romp::plugin& p, const char* key) {
  const int value = p.config<int>(key);
  if (value < least)
    throw romp::failure(ROMP_E_INVAL, "key '" + std::string(key) + "': must be " +
                                          std::to_string(least) + " or more");
  return value;
}

constexpr romp_config_key keys[] = {
    {"destination", "string", "*", "only these: a name, or a prefix that ends in *"},
    {"rate", "int", "0",
     "messages a second that one session may send in the long run; 0: no limit"},
    {"burst", "int", "200", "messages that it may send at once"},
    {"close", "bool", "no", "close the session that sends more"}};

constexpr auto about = romp::about("Refuses what one session sends too fast")
                           .capabilities(ROMP_CAP_FRAMES)
                           .keys(keys)
                           .concurrent();

}  // namespace

ROMP_PLUGIN_CPP_WITH("limit", "1.0.0", about, [](romp::plugin& p) {
  const double rate = at_least(0, p, "rate");
  const double burst = at_least(1, p, "burst");
  if (rate == 0) {
    p.info("limits nothing: its section has no rate");
    return;
  }
  const bool close = p.config<bool>("close");
  const std::string text = "too many messages: " + std::to_string(p.config<int>("rate")) +
                           " a second are allowed, " + std::to_string(p.config<int>("burst")) +
                           " at once";
  const romp::counter refused = p.counter("refused_total", "Messages refused");
  p.on_frame(romp::send, p.config<std::string>("destination").c_str(),
             romp::at(romp::stage::frame).priority(-100).early().name("limit"),
             [=](romp::frame& f) {
               if (f.slot<Bucket>(burst).take(rate, burst, f.now())) return romp::next;
               refused.add();
               return f.reject(text, "over the limit: " + std::string(f.remote()), close);
             });
});
