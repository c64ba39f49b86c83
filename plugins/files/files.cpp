// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <romp/plugin.hpp>
#include <string>
#include <utility>

#include "folder.hpp"
#include "reply.hpp"

namespace {

constexpr std::uint64_t largest = 16U << 20;  // of one answer

struct Site {
  files::Folder folder;
  std::string prefix;  ///< of the paths, ends in a slash
  std::string index;
  std::string cache;
  std::string policy;
};

/// What every answer about a file says.
romp::outgoing about_file(const Site& site, const files::File& file) {
  romp::outgoing answer;
  answer.header("ETag", file.etag());
  answer.header("Last-Modified", file.last_modified());
  if (!site.cache.empty()) answer.header("Cache-Control", site.cache);
  if (!site.policy.empty()) answer.header("Content-Security-Policy", site.policy);
  return answer;
}

void answer_with_file(romp::deferred_request& r, const Site& site, const files::File& file,
                      std::string_view name) {
  romp::outgoing answer = about_file(site, file);
  if (files::matches(r.header("if-none-match"), file.etag())) {
    r.reply(304, answer);
    return;
  }
  answer.header("Accept-Ranges", "bytes");
  const std::string_view condition = r.header("if-range");
  const bool wants_part = condition.empty() || condition == file.etag();
  const auto range = wants_part ? files::range_of(r.header("range"), file.size()) : std::nullopt;
  const std::string size = std::to_string(file.size());
  if (range && range->count == 0) {
    r.reply(416, answer.header("Content-Range", "bytes */" + size));
    return;
  }
  const auto part = range.value_or(files::Range{0, file.size()});
  if (part.count > largest) {
    r.reply(500, "this file is too large for one answer; ask for ranges of 16 MiB\n");
    return;
  }
  answer.content_type(std::string(files::type_of(name))).body(file.read(part.begin, part.count));
  if (range) {
    answer.header("Content-Range", "bytes " + std::to_string(part.begin) + "-" +
                                       std::to_string(part.begin + part.count - 1) + "/" + size);
  }
  r.reply(range ? 206 : 200, answer);
}

/// On a thread that may block. What is not there is for others to answer.
void serve(romp::deferred_request& r, const Site& site) {
  const std::string path = romp::decode_path(r.path().substr(site.prefix.size()));
  const files::Found found = site.folder.find(path, site.index);
  if (found.is_folder) {
    romp::outgoing answer;
    r.reply(301, answer.header("Location", std::string(r.path()) + "/"));
  } else if (found.file) {
    const bool is_index = path.empty() || path.back() == '/';
    answer_with_file(r, site, *found.file, is_index ? site.index : path);
  } else {
    r.next();
  }
}

constexpr romp_config_key keys[] = {
    {"root", "string", "", "the folder whose files are served; empty: none"},
    {"prefix", "string", "/", "where in the paths of requests it begins and ends: a slash"},
    {"index", "string", "index.html", "the file that stands for a folder"},
    {"cache", "string", "no-cache", "Cache-Control of the answers; empty: the broker's own"},
    {"policy", "string",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
     "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
     "Content-Security-Policy of the answers; empty: the broker's own"}};

constexpr auto about =
    romp::about("Serves the files of a folder").capabilities(ROMP_CAP_HTTP).keys(keys).concurrent();

std::string prefix_of(romp::plugin& p) {
  auto prefix = p.config<std::string>("prefix");
  if (prefix.empty() || prefix.front() != '/' || prefix.back() != '/') {
    throw romp::failure(ROMP_E_INVAL, "key 'prefix': must begin and end with a slash");
  }
  return prefix;
}

}  // namespace

ROMP_PLUGIN_CPP_WITH("files", "1.0.0", about, [](romp::plugin& p) {
  const auto root = p.config<std::string>("root");
  if (root.empty()) {
    p.info("no root is set: it serves nothing");
    return;
  }
  const auto site = std::shared_ptr<const Site>(
      new Site{files::Folder(root), prefix_of(p), p.config<std::string>("index"),
               p.config<std::string>("cache"), p.config<std::string>("policy")});
  p.on_http((site->prefix + "*").c_str(),
            [&p, site](romp::request& r) {
              auto later = std::make_shared<romp::deferred_request>(r.defer());
              p.post_worker([later, site] { serve(*later, *site); });
              return romp::later;
            },
            100);
});
