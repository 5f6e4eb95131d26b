#include "gateway/web/api.hpp"

#include <boost/json/object.hpp>
#include <memory>
#include <utility>

#include "gateway/domain/sha256_name.hpp"
#include "gateway/runtime/media_type.hpp"
#include "gateway/web/answers.hpp"
#include "gateway/web/api_input.hpp"
#include "gateway/web/bulletin_page.hpp"
#include "gateway/web/gzip.hpp"

namespace jieding::web {
namespace {

namespace json = boost::json;
using boost::asio::awaitable;

constexpr std::size_t small_body = 16 * 1024;
constexpr std::size_t longest_document = std::size_t{8} * 1024 * 1024;
constexpr std::uint64_t most_events = 1000;
constexpr std::uint64_t most_refusals = 200;

/// Each may be 8 MiB that nobody counts until the answer is on its way.
constexpr int most_documents_in_hand = 4;

struct OneLess {
  void operator()(int* count) const { --*count; }
};

json::object describe(const Visitor& visitor) {
  const auto role = visitor.is_viewer() ? std::string_view{"viewer"} : to_text(visitor.person.role);
  return {{"id", visitor.person.id},
          {"name", visitor.person.name},
          {"role", json::string_view(role.data(), role.size())},
          {"csrf", visitor.csrf}};
}

http::Response not_theirs() {
  return http::problem(
      403, "Forbidden",
      "the supervision group confirms and disputes, the contractor claims, the operator "
      "records and withdraws");
}

/// Which acts count when is the business of the milestone rules; who may speak here is ours.
bool may(Owner role, Act act) {
  if (act == Act::Confirm || act == Act::Dispute) return role == Owner::Group;
  if (act == Act::Claim) return role == Owner::Contractor;
  return role == Owner::Operator;
}

/// `tag` among the entity tags of If-None-Match; a weak one fits too (RFC 9110 §13.1.2).
bool client_has(const http::Request& request, std::string_view tag) {
  const auto known = request.header("if-none-match");
  return known == "*" || known.find(tag) != std::string_view::npos;
}

}  // namespace

std::vector<http::Route> Api::routes() {
  return {
      {"GET", "/healthz", http::no_body, open(&Api::health)},
      {"GET", "/checkpoint", http::no_body, open(&Api::checkpoint)},
      {"GET", "/tile/{rest...}", http::no_body, open(&Api::tile)},
      {"GET", "/api/v1/site", http::no_body, reading(&Api::site)},
      {"GET", "/api/v1/milestone-kinds", http::no_body, reading(&Api::kinds)},
      {"GET", "/api/v1/buildings/{id}/history", http::no_body, reading(&Api::history)},
      {"GET", "/api/v1/bulletin", http::no_body, reading(&Api::bulletin)},
      {"GET", "/bulletin", http::no_body, reading(&Api::bulletin_page)},
      {"GET", "/api/v1/evidence/{sha256}", http::no_body, reading(&Api::evidence)},
      {"GET", "/api/v1/documents/{sha256}", http::no_body, open(&Api::document)},
      {"GET", "/api/v1/events", http::no_body, reading(&Api::events)},
      {"GET", "/api/v1/quarantine", http::no_body, open(&Api::quarantine)},
      {"GET", "/api/v1/session", http::no_body, open(&Api::who)},
      {"POST", "/api/v1/session", small_body, open(&Api::sign_in)},
      {"DELETE", "/api/v1/session", small_body, open(&Api::sign_out)},
      {"POST", "/api/v1/milestones", small_body, open(&Api::act)},
      {"POST",
       "/api/v1/documents",
       longest_document,
       open(&Api::keep_document),
       {},
       [this](http::Request& request) { return refuse_document(request); }},
  };
}

awaitable<std::optional<http::Response>> Api::refuse_reading(http::Request request) {
  if (options_.open_to_viewers) co_return std::nullopt;
  const auto visitor = co_await sessions_.visitor(std::move(request));
  if (!visitor) co_return http::problem(visitor.error());
  if (!*visitor) co_return nobody();
  co_return std::nullopt;
}

http::Handler Api::open(Answer answer) {
  return [this, answer](http::Request request) { return (this->*answer)(std::move(request)); };
}

http::Handler Api::reading(Answer answer) {
  return [this, answer](http::Request request) { return guarded(answer, std::move(request)); };
}

awaitable<http::Response> Api::guarded(Answer answer, http::Request request) {
  auto refusal = co_await refuse_reading(request);
  if (refusal) co_return std::move(*refusal);
  co_return co_await (this->*answer)(std::move(request));
}

awaitable<http::Response> Api::health(http::Request) {
  co_return http::Response{200, "text/plain; charset=utf-8", "ok", {}};
}

awaitable<http::Response> Api::checkpoint(http::Request) {
  http::Response response{200, "text/plain; charset=utf-8", record_.checkpoint(), {}};
  response.headers.emplace_back("Cache-Control", "no-cache");
  co_return response;
}

/// Open like the checkpoint: leaves hold no personal data, and a monitor has no link. Bundles of
/// events are text and go compressed to whoever takes it (C2SP tlog-tiles); hashes would not
/// shrink.
awaitable<http::Response> Api::tile(http::Request request) {
  std::string name = "tile/" + request.path_values["rest"];
  const bool events = name.starts_with("tile/entries/");
  auto bytes = co_await record_.ledger_file(std::move(name));
  if (!bytes) co_return http::problem(bytes.error());
  http::Response response{200, "application/octet-stream", std::move(*bytes), {}};
  if (events) response.headers.emplace_back("Vary", "Accept-Encoding");
  if (auto small = events && takes_gzip(request) ? gzipped(response.body) : ""; !small.empty()) {
    response.body = std::move(small);
    response.headers.emplace_back("Content-Encoding", "gzip");
  }
  response.headers.emplace_back("Cache-Control", "public, max-age=31536000, immutable");
  co_return response;
}

awaitable<http::Response> Api::site(http::Request) {
  const auto site = co_await record_.site();
  co_return answer_with(site);
}

awaitable<http::Response> Api::kinds(http::Request) {
  json::array kinds;
  for (const MilestoneKind& kind : milestone_kinds())
    kinds.push_back(json::object{{"id", kind.id},
                                 {"zh", kind.zh},
                                 {"en", kind.en},
                                 {"seen_by_camera", kind.seen_by_camera},
                                 {"documentary", kind.documentary}});
  http::Response response = answer_with(json::value{{"kinds", std::move(kinds)}});
  response.headers.emplace_back("Cache-Control", "private, max-age=3600");
  co_return response;
}

awaitable<http::Response> Api::history(http::Request request) {
  const auto& building = request.path_values["id"];
  if (!is_id(building)) co_return http::problem(404, "Not found", "there is no such building");
  const auto history = co_await record_.history(building);
  co_return answer_with(history);
}

awaitable<http::Response> Api::bulletin(http::Request request) {
  const auto period = read_bulletin_period(request);
  if (!period) co_return http::problem(period.error());
  const auto bulletin = co_await record_.bulletin(*period);
  co_return answer_with(bulletin);
}

/// The same for a printer; it needs no script.
awaitable<http::Response> Api::bulletin_page(http::Request request) {
  const auto period = read_bulletin_period(request);
  if (!period) co_return http::problem(period.error());
  const auto bulletin = co_await record_.bulletin(*period);
  if (!bulletin) co_return http::problem(bulletin.error());
  const auto asked = request.query.find("lang");
  const bool english = asked != request.query.end() && asked->second == "en";
  http::Response response{200, "text/html; charset=utf-8", write_bulletin(*bulletin, english), {}};
  response.headers.emplace_back("Cache-Control", "no-store");
  co_return response;
}

awaitable<http::Response> Api::evidence(http::Request request) {
  const auto& name = request.path_values["sha256"];
  if (!is_sha256(name)) {
    co_return http::problem(404, "Not found", "evidence is named by 64 lower-case hex digits");
  }
  const auto width = read_width(request);
  if (!width) co_return http::problem(width.error());
  auto refusal = co_await refuse_picture(request);
  if (refusal) co_return std::move(*refusal);
  const auto tag = "\"" + name + (*width == 0 ? "" : "-" + std::to_string(*width)) + "\"";
  http::Response response{304, "", "", {}};
  if (!client_has(request, tag)) {
    auto picture = co_await record_.evidence(name, *width);
    if (!picture) co_return http::problem(picture.error());
    response = http::Response{200, "image/jpeg", std::move(picture->jpeg), {}};
    if (!picture->as_asked) {
      response.headers.emplace_back("Cache-Control", "private, max-age=60");
      co_return response;
    }
  }
  // Named by its hash, hence never another; private, because a proxy must not show it to others.
  response.headers.emplace_back("Cache-Control", "private, max-age=31536000, immutable");
  response.headers.emplace_back("ETag", tag);
  co_return response;
}

/// The operator may delay or stop what the notice board's link shows; those who signed in see all.
awaitable<std::optional<http::Response>> Api::refuse_picture(http::Request request) {
  const auto visitor = co_await sessions_.visitor(request);
  if (!visitor) co_return http::problem(visitor.error());
  if (*visitor && !(*visitor)->is_viewer()) co_return std::nullopt;
  std::string name = request.path_values["sha256"];
  const auto shown = co_await record_.is_public(std::move(name));
  if (!shown) co_return http::problem(shown.error());
  if (*shown) co_return std::nullopt;
  co_return http::problem(403, "Forbidden",
                          "pictures are shown later or not at all, as the operator switched it");
}

/// A document stands as it was handed in, with names and faces: for people who signed in, never for
/// the viewer link on the notice board.
awaitable<http::Response> Api::document(http::Request request) {
  const auto visitor = co_await sessions_.visitor(request);
  if (!visitor) co_return http::problem(visitor.error());
  if (!*visitor) co_return nobody();
  if ((*visitor)->is_viewer()) {
    co_return http::problem(403, "Forbidden", "documents are for people who signed in");
  }
  const auto& name = request.path_values["sha256"];
  if (!is_sha256(name)) {
    co_return http::problem(404, "Not found", "documents are named by 64 lower-case hex digits");
  }
  if (documents_in_hand_ >= most_documents_in_hand)
    co_return too_fast(1, "many documents are being read; ask again in a second");
  ++documents_in_hand_;
  const std::unique_ptr<int, OneLess> until_answered(&documents_in_hand_);
  auto bytes = co_await record_.document(name);
  if (!bytes) co_return http::problem(bytes.error());
  const std::string type(media_type_of(*bytes));
  http::Response response{200, type, std::move(*bytes), {}};
  response.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + name + "\"");
  co_return response;
}

awaitable<http::Response> Api::events(http::Request request) {
  const auto from = read_count(request, "from", 0, last_index);
  if (!from) co_return http::problem(from.error());
  const auto count = read_count(request, "count", 100, most_events);
  if (!count) co_return http::problem(count.error());
  const auto events = co_await record_.events(*from, *count);
  co_return answer_with(events);
}

/// Refused bytes may hold a station's password: for those who look after devices, never for
/// viewers.
awaitable<http::Response> Api::quarantine(http::Request request) {
  const auto visitor = co_await sessions_.visitor(request);
  if (!visitor) co_return http::problem(visitor.error());
  if (!*visitor) co_return nobody();
  const Owner role = (*visitor)->person.role;
  if ((*visitor)->is_viewer() || (role != Owner::Operator && role != Owner::Contractor)) {
    co_return http::problem(403, "Forbidden", "only operator and contractor see refused bytes");
  }
  const auto count = read_count(request, "count", 50, most_refusals);
  if (!count) co_return http::problem(count.error());
  const auto refused = co_await record_.quarantine((*visitor)->person, *count);
  co_return answer_with(refused);
}

awaitable<http::Response> Api::sign_in(http::Request request) {
  if (!is_json(request.header("content-type"))) co_return not_json();
  auto how = read_sign_in(request.body);
  if (!how) co_return http::problem(how.error());
  Result<SignedIn> signed_in = Error(Fault::Refused, "");
  if (how->user.empty()) {
    signed_in = co_await sessions_.sign_in(how->token, request.peer);
  } else {
    signed_in = co_await sessions_.sign_in_by_password(how->user, how->password, request.peer);
  }
  if (!signed_in) {
    auto refusal = http::problem(signed_in.error());
    const auto wait = sessions_.locked_for(request.peer);
    if (signed_in.error().kind() != Fault::TooMuch || !wait) co_return refusal;
    std::erase_if(refusal.headers,
                  [](const auto& header) { return header.first == "Retry-After"; });
    refusal.headers.emplace_back("Retry-After", std::to_string(wait->count()));
    co_return refusal;
  }
  // A browser that signs in anew leaves nothing of the old session behind.
  co_await sessions_.sign_out(std::move(request));
  auto response = answer_with(json::value(describe(signed_in->visitor)));
  response.headers.emplace_back("Set-Cookie", signed_in->set_cookie);
  co_return response;
}

awaitable<http::Response> Api::who(http::Request request) {
  const auto visitor = co_await sessions_.visitor(request);
  if (!visitor) co_return http::problem(visitor.error());
  if (!*visitor) co_return nobody();
  auto response = answer_with(json::value(describe(**visitor)));
  const auto renewed = sessions_.renewed_cookie(**visitor, request);
  if (!renewed.empty()) response.headers.emplace_back("Set-Cookie", renewed);
  co_return response;
}

awaitable<http::Response> Api::sign_out(http::Request request) {
  const auto visitor = co_await sessions_.visitor(request);
  if (!visitor) co_return http::problem(visitor.error());
  if (!*visitor) co_return nobody();
  if (!Sessions::csrf_fits(**visitor, request)) co_return wrong_csrf();
  const auto done = co_await sessions_.sign_out(std::move(request));
  if (!done) co_return http::problem(done.error());
  http::Response response{204, "", "", {}};
  response.headers.emplace_back("Set-Cookie", sessions_.removed_cookie());
  co_return response;
}

awaitable<http::Response> Api::act(http::Request request) {
  const auto visitor = co_await sessions_.visitor(request);
  if (!visitor) co_return http::problem(visitor.error());
  if (!*visitor) co_return nobody();
  const Person person = (*visitor)->person;
  if ((*visitor)->is_viewer()) co_return not_theirs();
  if (!Sessions::csrf_fits(**visitor, request)) co_return wrong_csrf();
  if (!is_json(request.header("content-type"))) co_return not_json();
  auto said = read_act(request.body);
  if (!said) co_return http::problem(said.error());
  if (!may(person.role, said->act)) co_return not_theirs();
  const auto done = co_await record_.act(person, std::move(*said));
  co_return answer_with(done);
}

/// Who may not hand in a document does not get to send its bytes.
awaitable<std::optional<http::Response>> Api::refuse_document(http::Request& request) {
  const auto visitor = co_await sessions_.visitor(request);
  if (!visitor) co_return http::problem(visitor.error());
  if (!*visitor) co_return nobody();
  const Owner role = (*visitor)->person.role;
  const bool claims_or_records = role == Owner::Contractor || role == Owner::Operator;
  if ((*visitor)->is_viewer() || !claims_or_records) co_return not_theirs();
  if (!Sessions::csrf_fits(**visitor, request)) co_return wrong_csrf();
  co_return std::nullopt;
}

awaitable<http::Response> Api::keep_document(http::Request request) {
  const auto visitor = co_await sessions_.visitor(request);
  if (!visitor) co_return http::problem(visitor.error());
  if (!*visitor) co_return nobody();  // it ended while the bytes came
  const Person person = (*visitor)->person;
  if (media_type_of(request.body).empty()) {
    co_return http::problem(415, "Unsupported media type",
                            "a document is a PDF, a JPEG or a PNG; send one of these");
  }
  const auto sha256 = co_await record_.keep_document(person, std::move(request.body));
  if (!sha256) co_return http::problem(sha256.error());
  co_return answer_with(json::value{{"sha256", *sha256}});
}

}  // namespace jieding::web
