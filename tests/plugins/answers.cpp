// SPDX-License-Identifier: Apache-2.0
// Answers what comes over a bridge, in each of the ways that a filter has.
#include <romp/plugin.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace {

/// How many frames of a session came before.
struct Count {
  int frames = 0;
};

}  // namespace

ROMP_PLUGIN_CPP_WITH(
    "answers", "1.0.0", romp::about().capabilities(ROMP_CAP_FRAMES | ROMP_CAP_PUBLISH),
    [](romp::plugin& p) {
      p.on_frame(
          romp::send, "memtop/up", romp::at(romp::stage::frame).may_defer(), [&p](romp::frame& f) {
            const std::string body(f.body());
            if (body == "leave") return romp::next;
            if (body == "reject") return f.reject("not today");
            if (body == "whoami") {
              f.reply(std::string(f.downstream() ? "downstream " : "") + std::string(f.user()) +
                      " " + std::string(f.header("edge")) + " " + std::string(f.header("orig-id")));
              return romp::handled;
            }
            if (body == "later") {
              auto kept = std::make_shared<romp::deferred>(f.defer());
              const romp_session_id session = f.session();
              p.after(std::chrono::milliseconds(5), [&p, kept, session] {
                p.send_to(session, romp::outgoing("memtop/up").body("at last"));
                kept->resume(romp::handled);
              });
              return romp::later;
            }
            f.reply("you said " + body + ", number " + std::to_string(++f.slot<Count>().frames));
            return romp::handled;
          });
    });
