// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <optional>

#include "support/authority.hpp"
#include "support/broker_process.hpp"
#include "support/eventually.hpp"
#include "support/failure.hpp"
#include "support/http_client.hpp"
#include "support/stomp_client.hpp"
#include "support/tls_client.hpp"

namespace romp::integration {
namespace {

namespace fs = std::filesystem;
using support::Authority;
using support::BrokerProcess;
using support::eventually;
using support::Failure;
using support::Socket;
using support::StompClient;
using support::TlsWish;
using testing::HasSubstr;

/// A daemon with a port of TLS, whose files change under it.
class TlsReload : public testing::Test {
 protected:
  TlsReload() {
    write("server.pem", authority.issue({"first"}));
    write("ca.pem", authority.certificate());
    write("romp.ini", ini());
  }
  static std::string ini(const std::string& more = "") {
    return "[server]\nports = 0\n[listener safe]\nport = 0\ntls = yes\ncertificate = "
           "@server.pem\n" +
           more;
  }
  /// Where a file's name begins with @, it is here.
  void write(const std::string& name, std::string text) {
    for (auto at = text.find('@'); at != std::string::npos; at = text.find('@', at)) {
      text.replace(at, 1, directory.path().string() + "/");
    }
    const std::string fresh = directory.write(name + ".new", text);
    fs::rename(fresh, directory.path() / name);
  }
  void run() {
    broker.emplace(std::vector<std::string>{"-c", (directory.path() / "romp.ini").string()});
    (void)broker->port();
    ASSERT_TRUE(eventually([&] { return broker->log().find("(safe)") != std::string::npos; }));
    const std::string log = broker->log();
    const auto line = log.rfind("127.0.0.1:", log.find("(safe)"));
    port = static_cast<std::uint16_t>(std::stoul(log.substr(line + 10)));
  }
  void hang_up() { broker->signal(SIGHUP); }
  /// Has said it so many times.
  bool says(std::string_view text, int times = 1) {
    return eventually([&] {
      const std::string log = broker->log();
      int found = 0;
      for (auto at = log.find(text); at != log.npos; at = log.find(text, at + 1)) ++found;
      return found >= times;
    });
  }
  Socket open(const TlsWish& wish = {}) const { return {port, wish}; }
  std::string shown() const { return open().tls()->server_common_name(); }
  bool is_refused(const TlsWish& wish) const {
    try {
      StompClient(open(wish)).connect();
      return false;
    } catch (const Failure&) {
      return true;
    }
  }

  support::TemporaryDirectory directory;
  Authority authority{"authority"};
  std::optional<BrokerProcess> broker;
  std::uint16_t port = 0;
};

TEST_F(TlsReload, ShowsTheNewCertificateAfterAHangUpAndKeepsOldConnections) {
  run();
  StompClient old(open());
  old.connect();
  write("server.pem", authority.issue({"second"}));
  hang_up();
  ASSERT_TRUE(says("reloaded: 0 changes, 0 problems"));
  EXPECT_EQ(shown(), "second");
  old.round_trip();
}

TEST_F(TlsReload, ShowsTheNewCertificateWhenTheFileHasChanged) {
  run();
  write("server.pem", authority.issue({"second"}));
  ASSERT_TRUE(says("its files of TLS have changed and are in force"));
  EXPECT_EQ(shown(), "second");
}

TEST_F(TlsReload, KeepsTheOldWhenTheNewIsNoGoodAndTakesTheNextThatIs) {
  run();
  write("server.pem", "this is no certificate\n");
  ASSERT_TRUE(says("its files of TLS have changed; the old stay"));
  EXPECT_EQ(shown(), "first");
  hang_up();
  ASSERT_TRUE(says("reload: nothing has been changed"));
  EXPECT_THAT(broker->log(), HasSubstr("reload: [listener safe] certificate "));
  EXPECT_EQ(shown(), "first");
  write("server.pem", authority.issue({"third"}));
  ASSERT_TRUE(says("its files of TLS have changed and are in force"));
  EXPECT_EQ(shown(), "third");
}

TEST_F(TlsReload, RefusesAClientThatWasRevokedMeanwhile) {
  const std::string alice = authority.issue({"alice"});
  write("crl.pem", authority.revocations({}));
  write("romp.ini", ini("ca = @ca.pem\ncrl = @crl.pem\nverify = required\n"));
  run();
  TlsWish wish;
  wish.certificate = directory.write("alice.pem", alice);
  EXPECT_FALSE(is_refused(wish));
  write("crl.pem", authority.revocations({2}));
  hang_up();
  ASSERT_TRUE(says("reloaded"));
  EXPECT_TRUE(is_refused(wish));
}

TEST_F(TlsReload, TakesOtherFilesFromTheConfiguration) {
  run();
  write("other.pem", authority.issue({"other"}));
  write("romp.ini",
        "[server]\nports = 0\n[listener safe]\nport = 0\ntls = yes\ncertificate = @other.pem\n");
  hang_up();
  ASSERT_TRUE(says("reloaded"));
  EXPECT_EQ(shown(), "other");
  EXPECT_THAT(broker->log(), testing::Not(HasSubstr("takes effect at the next start")));
}

TEST_F(TlsReload, DoesNotForgetToVerifyWhenTheConfigurationIsBad) {
  write("romp.ini", ini("ca = @ca.pem\nverify = required\n"));
  run();
  int refused = 0;
  for (const std::string& bad :
       {ini("verify = sometimes\n"), ini("ca = @nothing.pem\nverify = required\n")}) {
    write("romp.ini", bad);
    hang_up();
    ASSERT_TRUE(says("reload: nothing has been changed", ++refused));
    EXPECT_TRUE(is_refused({}));
    EXPECT_EQ(broker->is_running(), true);
  }
  fs::remove(directory.path() / "romp.ini");
  hang_up();
  ASSERT_TRUE(says("reload: " + (directory.path() / "romp.ini").string()));
  EXPECT_TRUE(is_refused({}));
}

/// What cannot be read for want of descriptors must not count as empty.
TEST_F(TlsReload, DoesNotForgetToVerifyWithoutDescriptors) {
  write("romp.ini", ini("ca = @ca.pem\nverify = required\n"));
  run();
  rlimit usual{};
  ::prlimit(broker->pid(), RLIMIT_NOFILE, nullptr, &usual);
  const rlimit few{3, usual.rlim_max};
  ASSERT_EQ(::prlimit(broker->pid(), RLIMIT_NOFILE, &few, nullptr), 0);
  hang_up();
  ASSERT_TRUE(says("reload: nothing has been changed"));
  EXPECT_THAT(broker->log(), HasSubstr("Too many open files"));
  ASSERT_EQ(::prlimit(broker->pid(), RLIMIT_NOFILE, &usual, nullptr), 0);
  EXPECT_TRUE(is_refused({})) << "without a certificate";
}

TEST_F(TlsReload, WarnsBeforeTheCertificateEnds) {
  write("server.pem", authority.issue({"first", "", 3}));
  run();
  EXPECT_TRUE(says("listener safe: its certificate ends on "));
}

TEST_F(TlsReload, StopsTheStartAndTheCheckWithAllThatIsWrong) {
  write("romp.ini", ini("ca = @nothing.pem\nverify = required\n"));
  write("server.pem", "nothing\n");
  for (const char* word : {"--check-config", "-c"}) {
    std::vector<std::string> arguments{"-c", (directory.path() / "romp.ini").string()};
    if (word != arguments.front()) arguments.push_back(word);
    const auto outcome = BrokerProcess::run(arguments);
    EXPECT_EQ(outcome.status, 78);
    EXPECT_THAT(outcome.log, HasSubstr("[listener safe] certificate "));
    EXPECT_THAT(outcome.log, HasSubstr("nothing.pem: No such file or directory"));
  }
}

}  // namespace
}  // namespace romp::integration
