// SPDX-License-Identifier: Apache-2.0
// Answers HTTP requests in every way there is, good and bad.
#include <memory>
#include <mutex>
#include <romp/plugin.hpp>
#include <string>
#include <vector>

namespace {

/// Requests that are never answered; their plugin lets go of them when it stops.
struct Kept {
  std::mutex mutex;
  std::vector<romp::deferred_request> requests;
};

constexpr auto about =
    romp::about().capabilities(ROMP_CAP_HTTP | ROMP_CAP_FRAMES | ROMP_CAP_PUBLISH).concurrent();

}  // namespace

ROMP_PLUGIN_CPP_WITH("web", "1.0.0", about, [](romp::plugin& p) {
  const auto kept = std::make_shared<Kept>();
  p.on_http(ROMP_HTTP_POST | ROMP_HTTP_PUT | ROMP_HTTP_DELETE, "/echo", [](romp::request& r) {
    romp::outgoing answer;
    answer.content_type("application/octet-stream").header("X-Method", std::string(r.method()));
    return r.reply(201, answer.body(std::string(r.body())));
  });
  p.on_http("/later", [&p](romp::request& r) {
    auto later = std::make_shared<romp::deferred_request>(r.defer());
    p.post_worker([later] { later->reply(200, "later, " + std::string(later->path())); });
    return romp::later;
  });
  p.on_http("/pass", [&p](romp::request& r) {
    auto later = std::make_shared<romp::deferred_request>(r.defer());
    p.post_worker([later] { later->next(); });
    return romp::later;
  });
  p.on_http(
      "/pass", [](romp::request& r) { return r.reply(200, "the next one"); }, 1);
  p.on_http("/never", [kept](romp::request& r) {
    const std::lock_guard lock(kept->mutex);
    kept->requests.push_back(r.defer());
    return romp::later;
  });
  p.on_http("/forgotten", [](romp::request& r) {
    r.defer();
    return romp::later;
  });
  p.on_http("/throws", [](romp::request&) -> romp::verdict { throw std::runtime_error("oh no"); });
  p.on_http("/large", [](romp::request& r) { return r.reply(200, std::string(5'000'000, 'x')); });
  p.on_http(ROMP_HTTP_POST, "/publish", [&p](romp::request& r) {
    p.publish("/topic/web", r.body());
    return r.reply(204);
  });
  p.on_stop([kept] {
    const std::lock_guard lock(kept->mutex);
    kept->requests.clear();
  });
});
