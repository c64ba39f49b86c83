// SPDX-License-Identifier: Apache-2.0
// The conformance probe: one filter whose stage, commands, flags and verdict come from its section.
// It logs what it sees, changes what it is told to change, and uses attributes, slots and kept
// frames.
#include <romp/plugin.hpp>

#include <string>

namespace {

constexpr romp_config_key keys[] = {
    {"stage", "int", "2", "ROMP_STAGE_"},
    {"commands", "int", "4", "mask of ROMP_CMD_; 4 is SEND"},
    {"destination", "string", "/t/probe*", "as in romp_filter"},
    {"header", "string", "", "as in romp_filter"},
    {"priority", "int", "0", "as in romp_filter"},
    {"verdict", "int", "0", "what to return; 3 defers and a task resumes with `resume`"},
    {"resume", "int", "0", "the verdict of a deferred frame"},
    {"reject", "string", "probe says no", "what a reject says"},
    {"fatal", "bool", "no", "does a reject close the session"},
    {"early", "bool", "no", "run before the body is there"},
    {"set", "string", "", "header to set, NAME=VALUE"},
    {"remove", "string", "", "header to remove"},
    {"body", "string", "", "body to set"},
    {"reply", "string", "", "body to answer with"},
    {"copy_to", "string", "", "publishes the frame there, its body shared, from a task"}};

constexpr auto about = romp::about("Conformance probe")
                           .capabilities(ROMP_CAP_FRAMES | ROMP_CAP_MUTATE | ROMP_CAP_AUTH |
                                         ROMP_CAP_PUBLISH | ROMP_CAP_SESSIONS)
                           .keys(keys);

struct Settings {
  explicit Settings(romp::plugin& p)
      : verdict(p.config<std::int32_t>("verdict")),
        resume(p.config<std::int32_t>("resume")),
        fatal(p.config<bool>("fatal")),
        reject(p.config<std::string>("reject")),
        set(p.config<std::string>("set")),
        remove(p.config<std::string>("remove")),
        body(p.config<std::string>("body")),
        reply(p.config<std::string>("reply")),
        copy_to(p.config<std::string>("copy_to")) {}

  bool changes() const { return !set.empty() || !remove.empty() || !body.empty(); }

  std::int32_t verdict, resume;
  bool fatal;
  std::string reject, set, remove, body, reply, copy_to;
};

std::string described(romp::frame& f) {
  std::string line(f.verb());
  for (const romp::header h : f.headers()) {
    if (h.name != "passcode") line.append(" ").append(h.name).append("=").append(h.value);
  }
  line += " body=" + std::to_string(f.body_size()) + (f.body_pending() ? " pending" : "");
  line += " user=" + std::string(f.user()) + " stage=" + std::to_string(f.ctx()->stage);
  // How often this session came by, once in the slot and once in an attribute: they must agree.
  const int seen = ++f.slot<int>(0);
  line += " seen=" + std::to_string(seen);
  const std::string before(f.attr("probe.seen", romp::scope::session).value_or("0"));
  if (before != std::to_string(seen - 1)) line += " ATTRIBUTE-LOST";
  f.set_attr("probe.seen", std::to_string(seen), romp::scope::session);
  if (f.attr("probe.frame")) line += " again";
  f.set_attr("probe.frame", "1");
  return line;
}

void change(romp::frame& f, const Settings& s) {
  if (const auto at = s.set.find('='); at != std::string::npos) {
    f.set(s.set.substr(0, at), s.set.substr(at + 1));
  }
  if (!s.remove.empty()) f.remove(s.remove);
  if (!s.body.empty()) f.set_body(s.body);
}

void copy(romp::plugin& p, romp::frame& f, const std::string& to) {
  p.post([&p, to, kept = f.retain()] {
    if (!p.publish(romp::outgoing(to).share(kept).header("copied", std::string(kept.verb())))) {
      p.warn("copy was not taken");
    }
  });
}

romp::verdict decide(romp::plugin& p, romp::frame& f, const Settings& s) {
  if (s.verdict == ROMP_REJECT) return f.reject(s.reject, "rejected by probe", s.fatal);
  if (s.verdict != ROMP_DEFER) return static_cast<romp::verdict>(s.verdict);
  p.post([&p, s, later = f.defer()]() mutable {
    const bool in_time = s.resume == ROMP_REJECT
                             ? later.resume(romp::reject(s.reject, "rejected later", s.fatal))
                             : later.resume(static_cast<romp::verdict>(s.resume));
    p.info(in_time ? "resumed" : "resumed too late");
  });
  return romp::later;
}

}  // namespace

ROMP_PLUGIN_CPP_WITH("probe", "1.0.0", about, [](romp::plugin& p) {
  const Settings settings(p);
  const std::string header = p.config<std::string>("header");
  const auto stage = static_cast<romp::stage>(p.config<std::uint32_t>("stage"));
  auto options = romp::at(stage).name("probe").priority(p.config<std::int32_t>("priority"));
  if (settings.changes()) options.mutates();
  if (settings.verdict == ROMP_DEFER) options.may_defer();
  if (p.config<bool>("early")) options.early();
  if (!header.empty()) options.header(header.c_str());
  const romp::counter seen = p.counter("probed_total", "Frames seen by the probe");
  const std::string destination = p.config<std::string>("destination");
  p.on_frame(romp::commands{p.config<std::uint64_t>("commands")},
             destination.empty() ? nullptr : destination.c_str(), options, [=, &p](romp::frame& f) {
               seen.add();
               p.info(described(f));
               change(f, settings);
               if (!settings.copy_to.empty()) copy(p, f, settings.copy_to);
               if (!settings.reply.empty()) f.reply(settings.reply);
               return decide(p, f, settings);
             });
});
