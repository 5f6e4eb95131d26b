#include "gateway/mirror/box_visit.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

namespace jieding::mirror {
namespace {

using boost::asio::awaitable;
using drivers::HttpAnswer;

constexpr std::string_view token_key = "/?viewer=";

drivers::WebAddress at(drivers::WebAddress box, std::string path) {
  box.target = std::move(path);
  return box;
}

}  // namespace

Result<ViewerLink> read_viewer_link(std::string_view text) {
  std::string_view line = text.substr(0, text.find_first_of("\r\n"));
  const auto address = drivers::parse_web_address(line);
  if (!address) return address.error();
  ViewerLink link{*address, {}};
  if (link.box.target.starts_with(token_key)) link.token = link.box.target.substr(token_key.size());
  if (link.token.empty() && link.box.target != "/") {
    return Error(Fault::Invalid,
                 "is no viewer link; write into it what jieding link viewer prints");
  }
  link.box.target = "/";
  return link;
}

BoxVisit::BoxVisit(boost::asio::any_io_executor io, ViewerLink link, drivers::HttpAccess access)
    : link_(std::move(link)), client_(std::move(io), std::move(access)) {}

awaitable<Result<HttpAnswer>> BoxVisit::get(const std::string& path) {
  drivers::WebAddress address = at(link_.box, path);
  co_return co_await client_.get(std::move(address));
}

awaitable<Result<void>> BoxVisit::sign_in() {
  std::string body = boost::json::serialize(boost::json::object{{"token", link_.token}});
  drivers::WebAddress address = at(link_.box, "/api/v1/session");
  std::string type = "application/json";
  const auto answer = co_await client_.post(std::move(address), std::move(type), std::move(body));
  if (!answer) co_return answer.error();
  if (answer->status != 200 || answer->cookie.empty()) {
    co_return Error(answer->status == 429 ? Fault::Unavailable : Fault::Refused,
                    link_.box.text() + " does not take the viewer link (" +
                        std::to_string(answer->status) +
                        "); write a new one into the link's file (jieding link viewer)");
  }
  client_.carry(answer->cookie);
  co_return Result<void>{};
}

awaitable<Result<HttpAnswer>> BoxVisit::ask(std::string path) {
  auto answer = co_await get(path);
  if (answer && answer->status == 401) {
    if (link_.token.empty()) {
      co_return Error(Fault::Refused, link_.box.text() +
                                          " is not open to viewers; give a viewer "
                                          "link (jieding link viewer)");
    }
    const auto signed_in = co_await sign_in();
    if (!signed_in) co_return signed_in.error();
    answer = co_await get(path);
  }
  if (!answer) co_return answer;
  const int status = answer->status;
  if (status == 200 || status == 403 || status == 404) co_return answer;
  co_return Error(Fault::Unavailable, link_.box.text() + " answers " + path.substr(0, 100) +
                                          " with " + std::to_string(status));
}

}  // namespace jieding::mirror
