#include "drivers/http_client.hpp"

#include <gmock/gmock.h>

#include <list>

#include "tests/drivers/http_device.hpp"

namespace jieding::drivers::test {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string secret = "Circle of Life";

std::string challenge(const std::string& text) {
  return http_answer(401, "", "WWW-Authenticate: " + text + "\r\n");
}

class HttpClientTest : public testing::Test {
 protected:
  HttpClientTest() {
    access.timeout = 2s;
    access.longest_body = 1000;
  }
  void with_password() { access.credentials = {"viewer", secret}; }
  HttpDevice& device(HttpDevice::Answer answer, const Certificate* certificate = nullptr) {
    return devices.emplace_back(io, std::move(answer), certificate);
  }
  HttpClient& client() {
    if (!client_) client_.emplace(io.get_executor(), access);
    return *client_;
  }
  /// As `access` says now.
  void client_again() { client_.reset(); }
  Result<HttpAnswer> get(const std::string& url) {
    std::optional<Result<HttpAnswer>> done;
    asio::co_spawn(io, client().get(*parse_web_address(url)),
                   [&](std::exception_ptr broken, Result<HttpAnswer> answer) {
                     EXPECT_FALSE(broken);
                     done = std::move(answer);
                   });
    const auto end = std::chrono::steady_clock::now() + 20s;
    while (!done && std::chrono::steady_clock::now() < end) {
      io.restart();
      io.run_for(2ms);
    }
    EXPECT_TRUE(done) << "it never ends";
    return done.value_or(Result<HttpAnswer>(Error(Fault::Internal, "it never ends")));
  }
  std::string error_of(const std::string& url, Fault kind) {
    const auto answer = get(url);
    EXPECT_FALSE(answer);
    if (answer) return "";
    EXPECT_EQ(answer.error().kind(), kind) << answer.error().text();
    EXPECT_THAT(answer.error().text(), Not(HasSubstr(secret)));
    return answer.error().text();
  }

  Scratch scratch{"jieding-http-client"};
  asio::io_context io;
  HttpAccess access;
  std::list<HttpDevice> devices;

 private:
  std::optional<HttpClient> client_;
};

TEST_F(HttpClientTest, CookieIsCarriedOnceItIsGivenOut) {
  auto& box = device([](const Heard& heard) {
    if (heard.field("Cookie") == "seat=4f") return http_answer(200, picture, "ETag: \"7\"\r\n");
    return http_answer(401, "", "WWW-Authenticate: Bearer\r\nSet-Cookie: seat=4f; HttpOnly\r\n");
  });
  const auto refused = get(box.url("/"));
  ASSERT_TRUE(refused) << refused.error().text();
  EXPECT_EQ(refused->status, 401);
  EXPECT_EQ(refused->cookie, "seat=4f");
  client().carry(refused->cookie);
  const auto answer = get(box.url("/"));
  ASSERT_TRUE(answer) << answer.error().text();
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->etag, "\"7\"");
}

TEST_F(HttpClientTest, PictureComesWithTypeAndQuery) {
  auto& camera = device([](const Heard&) { return http_answer(200, picture); });
  const auto answer = get(camera.url("/cgi-bin/snapshot.cgi?channel=1"));
  ASSERT_TRUE(answer) << answer.error().text();
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->type, "image/jpeg");
  EXPECT_EQ(answer->body, picture);
  EXPECT_EQ(camera.heard[0].line(), "GET /cgi-bin/snapshot.cgi?channel=1 HTTP/1.1");
  EXPECT_EQ(camera.heard[0].field("Authorization"), "");
}

TEST_F(HttpClientTest, DigestIsProvenAndItsNonceUsedAgain) {
  for (const auto& [name, hash] :
       std::map<std::string, Hash>{{"MD5", Hash::Md5}, {"SHA-256", Hash::Sha256}}) {
    with_password();
    auto& camera = device([name = name, hash = hash](const Heard& heard) {
      if (proves(heard, hash, "viewer", secret, "IP Camera(C12)")) return http_answer(200, picture);
      return challenge("Digest qop=\"auth\", realm=\"IP Camera(C12)\", nonce=\"n1\", algorithm=" +
                       name);
    });
    for (int i = 0; i < 3; ++i)
      ASSERT_TRUE(get(camera.url("/a?b=c&d"))) << name;
    ASSERT_EQ(camera.heard.size(), 4U) << "one challenge for all";
    EXPECT_EQ(camera.heard[1].credential("uri"), "/a?b=c&d");
    EXPECT_EQ(camera.heard[1].credential("nc"), "00000001");
    EXPECT_EQ(camera.heard[3].credential("nc"), "00000003");
    EXPECT_NE(camera.heard[2].credential("cnonce"), camera.heard[3].credential("cnonce"));
  }
}

TEST_F(HttpClientTest, StaleNonceIsReplacedWithoutBlamingThePassword) {
  with_password();
  int nonce = 1;
  auto& camera = device([&](const Heard& heard) {
    const std::string now = "n" + std::to_string(nonce);
    const bool right = proves(heard, Hash::Md5, "viewer", secret, "r");
    if (right && heard.credential("nonce") == now) return http_answer(200, picture);
    return challenge("Digest realm=\"r\", qop=\"auth\", stale=" +
                     std::string(right ? "true" : "false") + ", nonce=\"" + now + "\"");
  });
  ASSERT_TRUE(get(camera.url()));
  nonce = 2;
  ASSERT_TRUE(get(camera.url()));
  EXPECT_EQ(camera.heard.size(), 4U);
  EXPECT_EQ(camera.heard[3].credential("nc"), "00000001") << "a new nonce is counted anew";
}

TEST_F(HttpClientTest, WrongPasswordIsTriedOnce) {
  with_password();
  auto& camera = device(
      [](const Heard&) { return challenge("Digest realm=\"r\", qop=\"auth\", nonce=\"n\""); });
  EXPECT_THAT(error_of(camera.url("/a?pwd=x"), Fault::Refused), HasSubstr("refuses user"));
  EXPECT_EQ(camera.heard.size(), 2U) << "more would lock the account";
  auto& dizzy = device([](const Heard&) {
    return challenge("Digest realm=\"r\", qop=\"auth\", nonce=\"n\", stale=true");
  });
  EXPECT_THAT(error_of(dizzy.url(), Fault::Refused), HasSubstr("stale"));
  EXPECT_LE(dizzy.heard.size(), 3U);
}

TEST_F(HttpClientTest, BasicInTheClearNeedsAWord) {
  with_password();
  auto& camera = device([](const Heard& heard) {
    return heard.field("Authorization").empty() ? challenge("Basic realm=\"r\"")
                                                : http_answer(200, picture);
  });
  EXPECT_THAT(error_of(camera.url(), Fault::Refused), HasSubstr("basic_in_clear"));
  for (const Heard& each : camera.heard)
    EXPECT_EQ(each.field("Authorization"), "");
}

TEST_F(HttpClientTest, BasicIsSentWhereItIsAllowed) {
  with_password();
  access.basic_in_clear = true;
  auto& camera = device([](const Heard& heard) {
    return heard.field("Authorization") == "Basic " + base64("viewer:" + secret)
               ? http_answer(200, picture)
               : challenge("Basic realm=\"r\"");
  });
  EXPECT_TRUE(get(camera.url()));
  auto& both = device([](const Heard& heard) {
    return proves(heard, Hash::Md5, "viewer", secret, "r")
               ? http_answer(200, picture)
               : challenge("Basic realm=\"r\", Digest realm=\"r\", qop=\"auth\", nonce=\"n\"");
  });
  EXPECT_TRUE(get(both.url())) << "Digest is preferred";
}

TEST_F(HttpClientTest, DeviceThatAsksWhoItIsIsNamedInTheError) {
  auto& camera = device([](const Heard&) { return challenge("Basic realm=\"r\""); });
  EXPECT_THAT(
      error_of(camera.url("/a.jpg?key=hidden"), Fault::Refused),
      testing::AllOf(HasSubstr("password_file"), HasSubstr("/a.jpg"), Not(HasSubstr("hidden"))));
}

TEST_F(HttpClientTest, RedirectsStayOnTheHost) {
  with_password();
  auto& elsewhere = device([](const Heard&) { return http_answer(200, picture); });
  std::string to = "/real.jpg";
  auto& camera = device([&](const Heard& heard) {
    if (heard.line().find("/real.jpg") != std::string::npos) return http_answer(200, picture);
    return http_answer(302, "", "Location: " + to + "\r\n");
  });
  EXPECT_TRUE(get(camera.url())) << "relative";
  to = elsewhere.url();
  EXPECT_TRUE(get(camera.url())) << "another port of the same host";
  for (const char* foreign :
       {"http://127.0.0.2/x", "http://localhost/x", "//10.0.0.1/x", "ftp://127.0.0.1/x",
        "http://u:p@127.0.0.1/x", "file:///etc/passwd", "", "http://[", "/\xFF"}) {
    to = foreign;
    EXPECT_THAT(error_of(camera.url(), Fault::Invalid), HasSubstr("redirects")) << foreign;
  }
  to = "/again";
  EXPECT_THAT(error_of(camera.url(), Fault::Invalid), HasSubstr("without end"));
}

TEST_F(HttpClientTest, LengthsAreBounded) {
  const std::vector<std::string> bombs{
      http_answer(200, std::string(1001, 'x')),
      "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
      "HTTP/1.1 200 OK\r\n\r\n" + std::string(1001, 'x'),
      "HTTP/1.1 200 OK\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n" + std::string(1001, 'x') +
          "\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;" + std::string(100'000, 'x') +
          "\r\nx\r\n0\r\n\r\n",
  };
  for (const std::string& bomb : bombs) {
    auto& camera = device([&](const Heard&) { return bomb; });
    error_of(camera.url(), Fault::TooMuch);
  }
  auto& honest = device([](const Heard&) {
    return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n" + std::string(1000, 'x') +
           "\r\n0\r\n\r\n";
  });
  const auto answer = get(honest.url());
  ASSERT_TRUE(answer) << answer.error().text();
  EXPECT_EQ(answer->body.size(), 1000U);
}

TEST_F(HttpClientTest, ChunksOfABytePerTenAreCutOff) {
  access.longest_body = 100'000;
  std::string bomb = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 40'000; ++i)
    bomb += "1;aaaaaaaa\r\nx\r\n";
  auto& camera = device([&](const Heard&) { return bomb + "0\r\n\r\n"; });
  error_of(camera.url(), Fault::TooMuch);
}

TEST_F(HttpClientTest, BytesThatAreNoHttpAreAnError) {
  for (const char* text : {"SSH-2.0-OpenSSH_9\r\n\r\n", "HTTP/1.1 200 OK\r\nbad header\r\n\r\n",
                           "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
                           "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort"}) {
    auto& camera = device([&](const Heard&) { return text; });
    EXPECT_FALSE(get(camera.url())) << text;
  }
}

TEST_F(HttpClientTest, EveryStepEndsInTime) {
  access.timeout = 200ms;
  auto& silent = device([](const Heard&) { return silence; });
  auto& half_header = device([](const Heard&) { return "HTTP/1.1 200 OK\r\nContent-"; });
  auto& half_body =
      device([](const Heard&) { return "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nxx"; });
  half_body.keep_open = true;
  for (const std::string& url : {silent.url(), half_header.url(), half_body.url(),
                                 std::string("https") + silent.url().substr(4)}) {
    const auto begin = std::chrono::steady_clock::now();
    error_of(url, Fault::Unavailable);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 3s) << url;
  }
  EXPECT_THAT(error_of("http://127.0.0.1:1/", Fault::Unavailable), HasSubstr("refused"));
}

TEST_F(HttpClientTest, PinnedCertificateIsTheOnlyOneTaken) {
  const Certificate own(scratch, "own");
  auto& camera = device([](const Heard&) { return http_answer(200, picture); }, &own);
  const std::string told = error_of(camera.url(), Fault::Refused);
  const auto at = told.find("fingerprint = \"");
  ASSERT_NE(at, std::string::npos) << told;
  access.fingerprint = normal_fingerprint(told.substr(at + 15, 64));
  client_again();
  EXPECT_TRUE(get(camera.url()));
  const Certificate other(scratch, "other");
  auto& impostor = device([](const Heard&) { return http_answer(200, picture); }, &other);
  EXPECT_THAT(error_of(impostor.url(), Fault::Refused), HasSubstr("not the one"));
  EXPECT_TRUE(impostor.heard.empty()) << "not a byte was sent to it";
}

TEST_F(HttpClientTest, CertificateMustBeSignedAndForTheHost) {
  const Certificate own(scratch, "own");
  access.ca_file = own.file;
  auto& camera = device([](const Heard&) { return http_answer(200, picture); }, &own);
  const auto answer = get(camera.url());
  EXPECT_TRUE(answer) << answer.error().text();
  std::string by_name = camera.url();
  by_name.replace(by_name.find("127.0.0.1"), 9, "localhost");
  error_of(by_name, Fault::Refused);
  const Certificate other(scratch, "other");
  auto& impostor = device([](const Heard&) { return http_answer(200, picture); }, &other);
  error_of(impostor.url(), Fault::Refused);
  EXPECT_TRUE(impostor.heard.empty());
  access.ca_file = scratch.path() / "none.pem";
  EXPECT_THROW(HttpClient(io.get_executor(), access), std::runtime_error);
}

TEST(WebAddressTest, PartsAreTakenApart) {
  const auto address = parse_web_address("https://[fd00::5]:8443/a%20b?c=d#e");
  ASSERT_TRUE(address);
  EXPECT_TRUE(address->tls);
  EXPECT_EQ(address->host, "fd00::5");
  EXPECT_EQ(address->port, 8443);
  EXPECT_EQ(address->target, "/a%20b?c=d");
  EXPECT_EQ(address->authority(), "[fd00::5]:8443");
  EXPECT_EQ(address->text(), "https://[fd00::5]:8443/a%20b") << "the query may hold a password";
  EXPECT_EQ(parse_web_address("http://cam")->target, "/");
  EXPECT_EQ(parse_web_address("http://cam:80")->authority(), "cam");
  for (const char* wrong : {"", "cam", "ftp://cam/", "http://", "http://u:p@cam/", "http://cam:0/",
                            "http://cam:70000/", "http://cam/ x", "http://cam/\r\nX: y"}) {
    EXPECT_FALSE(parse_web_address(wrong)) << wrong;
  }
}

TEST(WebAddressTest, FingerprintsAreReadInAnyHand) {
  const std::string digits(62, 'a');
  EXPECT_EQ(normal_fingerprint("AB:" + digits), "ab" + digits);
  for (const std::string& wrong : {std::string(""), digits, digits + "xy", digits + "abc"})
    EXPECT_EQ(normal_fingerprint(wrong), "") << wrong;
}

}  // namespace
}  // namespace jieding::drivers::test
