#include "gateway/web/assets.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "tests/web/web_rig.hpp"

namespace jieding::web {
namespace {

constexpr std::array<Asset, 2> page{
    Asset{"/index.html", "text/html; charset=utf-8", "<!doctype html>", "", "\"i1\"", false},
    Asset{"/assets/main-1a2b3c4d.js", "text/javascript; charset=utf-8", "plain text", "packed",
          "\"m1\"", true}};

TEST(Assets, IndexIsAskedForAgain) {
  Rig rig({}, {}, asset_routes(page));
  auto client = rig.client();
  const auto index = client.get("/index.html");
  EXPECT_EQ(index.body, "<!doctype html>");
  EXPECT_EQ(index.header("cache-control"), "no-cache");
  EXPECT_EQ(index.header("vary"), "");
  EXPECT_EQ(client.get("/index.html", {{"If-None-Match", index.header("etag")}}).status, 304);
  EXPECT_EQ(client.get("/index.html", {{"If-None-Match", "\"i0\""}}).status, 200);
}

TEST(Assets, HashedFileIsImmutable) {
  Rig rig({}, {}, asset_routes(page));
  const auto script = rig.client().get("/assets/main-1a2b3c4d.js");
  EXPECT_EQ(script.header("cache-control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(script.header("content-type"), "text/javascript; charset=utf-8");
}

TEST(Assets, CompressedOnlyForWhoTakesIt) {
  Rig rig({}, {}, asset_routes(page));
  auto client = rig.client();
  const std::string path = "/assets/main-1a2b3c4d.js";
  for (const std::string taken : {"gzip", "deflate, gzip;q=0.5, br", "*"}) {
    const auto packed = client.get(path, {{"Accept-Encoding", taken}});
    EXPECT_EQ(packed.body, "packed") << taken;
    EXPECT_EQ(packed.header("content-encoding"), "gzip");
    EXPECT_EQ(packed.header("vary"), "Accept-Encoding");
  }
  for (const std::string taken : {"", "br", "gzip;q=0", "identity"}) {
    const auto plain = client.get(path, {{"Accept-Encoding", taken}});
    EXPECT_EQ(plain.body, "plain text") << taken;
    EXPECT_EQ(plain.header("content-encoding"), "");
    EXPECT_EQ(plain.header("vary"), "Accept-Encoding");
  }
}

TEST(Assets, PageIsInTheProgram) {
  const auto assets = embedded_assets();
  const auto index = std::ranges::find(assets, "/index.html", &Asset::path);
  ASSERT_NE(index, assets.end());
  EXPECT_TRUE(index->bytes.starts_with("<!doctype html>"));
  for (const Asset& asset : assets) {
    EXPECT_FALSE(asset.bytes.empty()) << asset.path;
    if (!asset.gzip.empty()) {
      EXPECT_TRUE(asset.gzip.starts_with("\x1f\x8b")) << asset.path;
    }
    EXPECT_EQ(asset.immutable, asset.path.starts_with("/assets/")) << asset.path;
  }
}

/// The content security policy allows nothing inline and nothing from elsewhere.
TEST(Assets, PageObeysItsContentSecurityPolicy) {
  for (const Asset& asset : embedded_assets()) {
    if (!asset.path.ends_with(".html")) continue;
    for (auto at = asset.bytes.find("<script"); at != std::string_view::npos;
         at = asset.bytes.find("<script", at + 1)) {
      const auto tag = asset.bytes.substr(at, asset.bytes.find('>', at) - at);
      EXPECT_NE(tag.find(" src=\"./"), std::string_view::npos) << tag;
    }
    EXPECT_EQ(asset.bytes.find("<style"), std::string_view::npos);
    EXPECT_EQ(asset.bytes.find(" style=\""), std::string_view::npos);
    EXPECT_EQ(asset.bytes.find("=\"http"), std::string_view::npos);
  }
}

}  // namespace
}  // namespace jieding::web
