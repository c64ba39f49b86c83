// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <romp/fake_host.hpp>

#include "reply.hpp"

namespace {

namespace fs = std::filesystem;

/// A folder of files, and the plugin that serves it.
class Files : public testing::Test {
 protected:
  Files() {
    char name[] = "/tmp/romp-files-XXXXXX";
    root = ::mkdtemp(name);
    fs::create_directories(root / "site/sub");
    write("site/index.html", "<p>home");
    write("site/app.js", "let a;");
    write("site/sub/index.html", "<p>sub");
    write("site/.hidden", "secret");
    write("secret", "secret");
    fs::create_symlink(root / "secret", root / "site/link");
    fs::create_directory_symlink(root, root / "site/up");
  }
  ~Files() override { fs::remove_all(root); }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(root / name) << text;
  }
  void load() {
    host.set("root", (root / "site").string());
    ASSERT_EQ(host.load(), ROMP_OK) << host.why;
  }
  romp::fake_reply get(const std::string& path, romp::fake_headers headers = {}) {
    return host.http("GET", path, std::move(headers));
  }

  fs::path root;
  romp::fake_host host{romp_plugin_entry(ROMP_ABI_MAJOR)};
};

TEST_F(Files, AreServedWithTheirType) {
  load();
  const auto page = get("/");
  EXPECT_EQ(page.status, 200U);
  EXPECT_EQ(page.body, "<p>home");
  EXPECT_EQ(page.content_type, "text/html;charset=utf-8");
  EXPECT_EQ(page.header("Cache-Control"), "no-cache");
  EXPECT_NE(page.header("Content-Security-Policy").find("script-src 'self'"), std::string::npos);
  EXPECT_EQ(get("/app.js").content_type, "text/javascript;charset=utf-8");
  EXPECT_EQ(get("/sub/").body, "<p>sub");
  EXPECT_EQ(get("/app%2ejs").body, "let a;");
}

TEST_F(Files, OfAFolderAreFoundBehindItsSlash) {
  load();
  const auto answer = get("/sub");
  EXPECT_EQ(answer.status, 301U);
  EXPECT_EQ(answer.header("Location"), "/sub/");
}

TEST_F(Files, ThatAreNotThereAreLeftToOthers) {
  load();
  for (const char* path : {"/no", "/sub/no", "/app.js/x", "/app.js/", "//", "/sub//index.html"}) {
    EXPECT_EQ(get(path).verdict, ROMP_CONTINUE) << path;
  }
}

TEST_F(Files, OutsideOfTheFolderCannotBeReached) {
  load();
  for (const char* path : {"/../secret", "/%2e%2e/secret", "/sub/../../secret", "/..%2fsecret",
                           "/link", "/up/secret", "/.hidden", "/%2ehidden", "/secret%00.js"}) {
    EXPECT_EQ(get(path).verdict, ROMP_CONTINUE) << path;
  }
}

TEST_F(Files, ThatTheClientHasAreNotSentAgain) {
  load();
  const std::string etag = get("/app.js").header("ETag");
  ASSERT_FALSE(etag.empty());
  const auto same = get("/app.js", {{"if-none-match", "\"x\", W/" + etag}});
  EXPECT_EQ(same.status, 304U);
  EXPECT_EQ(same.body, "");
  EXPECT_EQ(same.header("ETag"), etag);
  write("site/app.js", "let another;");
  EXPECT_EQ(get("/app.js", {{"if-none-match", etag}}).status, 200U);
}

TEST_F(Files, AreServedInParts) {
  load();
  const auto part = get("/app.js", {{"range", "bytes=1-2"}});
  EXPECT_EQ(part.status, 206U);
  EXPECT_EQ(part.body, "et");
  EXPECT_EQ(part.header("Content-Range"), "bytes 1-2/6");
  EXPECT_EQ(get("/app.js", {{"range", "bytes=4-"}}).body, "a;");
  EXPECT_EQ(get("/app.js", {{"range", "bytes=-2"}}).body, "a;");
  const auto beyond = get("/app.js", {{"range", "bytes=6-"}});
  EXPECT_EQ(beyond.status, 416U);
  EXPECT_EQ(beyond.header("Content-Range"), "bytes */6");
  EXPECT_EQ(get("/app.js", {{"range", "bytes=0-1"}, {"if-range", "\"old\""}}).status, 200U);
}

TEST_F(Files, BelowAPrefixOnly) {
  host.set("prefix", "/app/");
  load();
  EXPECT_EQ(get("/app/app.js").body, "let a;");
  EXPECT_EQ(get("/app/").body, "<p>home");
  EXPECT_EQ(get("/app.js").verdict, ROMP_CONTINUE);
}

TEST_F(Files, WithoutARootAreNone) {
  ASSERT_EQ(host.load(), ROMP_OK) << host.why;
  EXPECT_EQ(get("/").verdict, ROMP_CONTINUE);
}

TEST_F(Files, WantARootThatIsThereAndAPrefixWithSlashes) {
  host.set("root", (root / "nowhere").string());
  EXPECT_LT(host.load(), 0);
  EXPECT_NE(host.why.find("nowhere"), std::string::npos) << host.why;
  romp::fake_host other(romp_plugin_entry(ROMP_ABI_MAJOR));
  other.set("root", root.string()).set("prefix", "app");
  EXPECT_EQ(other.load(), ROMP_E_INVAL);
  EXPECT_EQ(other.why, "key 'prefix': must begin and end with a slash");
}

TEST(Range, IsIgnoredWhereItMakesNoSense) {
  for (const char* header : {"", "lines=1-2", "bytes=", "bytes=-", "bytes=2-1", "bytes=a-b",
                             "bytes=1", "bytes=0-1,3-4", "bytes=99999999999999999999-"}) {
    EXPECT_FALSE(files::range_of(header, 10)) << header;
  }
  EXPECT_EQ(files::range_of("bytes=-99", 10)->count, 10U);
  EXPECT_EQ(files::range_of("bytes=0-99", 10)->count, 10U);
  EXPECT_EQ(files::range_of("bytes=-0", 10)->count, 0U);
  EXPECT_EQ(files::range_of("bytes=0-", 0)->count, 0U);
}

}  // namespace
