#include "gateway/web/assets.hpp"

#include <string>
#include <utility>

#include "gateway/web/gzip.hpp"

namespace jieding::web {
namespace {

http::Response serve(const Asset& asset, const http::Request& request) {
  http::Response response{200, std::string(asset.content_type), "", {}};
  const bool compressed = !asset.gzip.empty() && takes_gzip(request);
  const auto known = request.header("if-none-match");
  if (known == "*" || known.find(asset.etag) != std::string_view::npos) {
    response = http::Response{304, "", "", {}};
  } else {
    response.body = compressed ? asset.gzip : asset.bytes;
    if (compressed) response.headers.emplace_back("Content-Encoding", "gzip");
  }
  if (!asset.gzip.empty()) response.headers.emplace_back("Vary", "Accept-Encoding");
  response.headers.emplace_back(
      "Cache-Control", asset.immutable ? "public, max-age=31536000, immutable" : "no-cache");
  response.headers.emplace_back("ETag", asset.etag);
  return response;
}

boost::asio::awaitable<http::Response> serve_later(const Asset* asset, http::Request request) {
  co_return serve(*asset, request);
}

}  // namespace

std::string_view embedded_index() {
  for (const Asset& asset : embedded_assets())
    if (asset.path == "/index.html") return asset.bytes;
  return {};
}

std::vector<http::Route> asset_routes(std::span<const Asset> assets) {
  std::vector<http::Route> routes;
  for (const Asset& asset : assets) {
    const auto handler = [&asset](http::Request request) {
      return serve_later(&asset, std::move(request));
    };
    routes.push_back({"GET", std::string(asset.path), 0, handler});
  }
  return routes;
}

}  // namespace jieding::web
