#include "gateway/web/front_door.hpp"

#include <string>
#include <utility>

#include "gateway/web/first_html.hpp"
#include "gateway/web/gate_html.hpp"
#include "gateway/web/gzip.hpp"
#include "gateway/web/json_parts.hpp"
#include "gateway/web/language.hpp"

namespace jieding::web {
namespace {

using boost::asio::awaitable;

struct Page {
  std::string html;
  std::string gzip;
};

/// The site in as much detail as fits.
Page site_page(const PageShell& shell, const boost::json::value& site, const Words& words,
               bool entered) {
  const auto& about = part(site, "site");
  const std::string name = text(about, "name").empty() ? text(about, "id") : text(about, "name");
  const Places places = on_the_box(words);
  Page page;
  for (const Detail detail : {Detail::All, Detail::Less, Detail::Lines}) {
    page.html = shell.with(first_html(site, words, detail, places), words("page", "title", {name}),
                           words, places, entered);
    page.gzip = gzipped(page.html, Effort::Small);
    if (page.gzip.size() <= most_first_bytes) break;
  }
  return page;
}

Page gate_page(const PageShell& shell, Gate gate, const Words& words) {
  Page page;
  page.html =
      shell.with(gate_html(gate, words), words("page", "product"), words, on_the_box(words), false);
  page.gzip = gzipped(page.html, Effort::Small);
  return page;
}

std::string asked(const http::Request& request, std::string_view name) {
  const auto value = request.query.find(name);
  return value == request.query.end() ? std::string() : value->second;
}

}  // namespace

std::vector<http::Route> FrontDoor::routes() {
  return {{"GET", "/", 0, [this](http::Request request) { return open(std::move(request)); }}};
}

awaitable<http::Response> FrontDoor::open(http::Request request) {
  const Words words(wants_english(request));
  const std::string token = asked(request, "viewer");
  const auto visitor = co_await sessions_.visitor(request);
  if (!visitor) co_return http::problem(visitor.error());
  bool may_read = options_.open_to_viewers || visitor->has_value();
  std::string cookie = visitor->has_value() ? sessions_.renewed_cookie(**visitor, request) : "";
  Gate gate = asked(request, "signin").empty() ? Gate::NoLink : Gate::SigningIn;
  bool entered = visitor->has_value();
  if (!visitor->has_value() && !token.empty()) {
    auto viewer = co_await sessions_.sign_in_as_viewer(token, request.peer);
    if (viewer) {
      may_read = true;
      entered = true;
      cookie = std::move(viewer->set_cookie);
    } else {
      gate = viewer.error().kind() == Fault::TooMuch ? Gate::Locked : Gate::Refused;
    }
  }
  Page page;
  if (may_read) {
    const auto site = co_await record_.site();
    if (!site) co_return http::problem(site.error());
    page = site_page(shell_, *site, words, entered && !token.empty());
  } else {
    page = gate_page(shell_, gate, words);
  }
  const bool compressed = takes_gzip(request) && !page.gzip.empty();
  http::Response response{200,
                          "text/html; charset=utf-8",
                          compressed ? std::move(page.gzip) : std::move(page.html),
                          {}};
  if (compressed) response.headers.emplace_back("Content-Encoding", "gzip");
  response.headers.emplace_back("Vary", "Accept-Encoding, Accept-Language, Cookie");
  response.headers.emplace_back("Cache-Control", "private, no-cache");
  if (!cookie.empty()) response.headers.emplace_back("Set-Cookie", cookie);
  if (auto kept = language_cookie(request); !kept.empty())
    response.headers.emplace_back("Set-Cookie", std::move(kept));
  co_return response;
}

}  // namespace jieding::web
