#include "gateway/web/findings_api.hpp"

#include <boost/json/object.hpp>
#include <utility>

#include "gateway/runtime/once_key.hpp"
#include "gateway/web/answers.hpp"
#include "gateway/web/api_input.hpp"

namespace jieding::web {
namespace {

namespace json = boost::json;
using boost::asio::awaitable;

constexpr std::size_t longest_step = 16 * 1024;
constexpr std::size_t largest_photo = std::size_t{12} << 20U;  // bytes; as vision's
constexpr std::uint64_t most_findings = 1000;
constexpr double photos_per_second = 1.0 / 6, photo_burst = 10;
constexpr double steps_per_second = 0.5, step_burst = 30;

/// A person's right to have one photo in hand, and which person it is.
class Turn {
 public:
  Turn(std::shared_ptr<std::set<std::string>> in_hand, Person person)
      : in_hand_(std::move(in_hand)), person_(std::move(person)) {
    in_hand_->insert(person_.id);
  }
  ~Turn() { in_hand_->erase(person_.id); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  const Person& person() const { return person_; }

 private:
  std::shared_ptr<std::set<std::string>> in_hand_;
  Person person_;
};

std::optional<Owner> role_of(const Visitor& visitor) {
  return visitor.is_viewer() ? std::nullopt : std::optional(visitor.person.role);
}

http::Response forbidden(std::string_view detail) {
  return http::problem(403, "Forbidden", detail);
}

/// Of a path; none: no finding has such a name.
std::optional<std::uint64_t> read_id(const http::Request& request) {
  http::Request named;
  named.query = {{"id", request.path_values.find("id")->second}};
  const auto id = read_count(named, "id", 0, last_index);
  return id ? std::optional(*id) : std::nullopt;
}

http::Response no_such_finding() {
  return http::problem(404, "Not found", "there is no such finding");
}

}  // namespace

FindingsApi::FindingsApi(FindingRecord& record, Sessions& sessions, const RuntimeClock& clock,
                         Options options)
    : record_(record),
      sessions_(sessions),
      options_(options),
      photo_pace_(clock, photos_per_second, photo_burst),
      step_pace_(clock, steps_per_second, step_burst),
      photos_in_hand_(std::make_shared<std::set<std::string>>()) {}

std::vector<http::Route> FindingsApi::routes() {
  using http::Request;
  return {
      {"GET", "/api/v1/findings", http::no_body,
       [this](Request request) { return list(std::move(request)); }},
      {"GET", "/api/v1/findings/{id}", http::no_body,
       [this](Request request) { return one(std::move(request)); }},
      {"POST",
       "/api/v1/photos",
       largest_photo,
       [this](Request request) { return photo(std::move(request)); },
       {},
       [this](Request& request) { return admit_photo(request); }},
      {"POST", "/api/v1/findings", longest_step,
       [this](Request request) { return raise(std::move(request)); }},
      {"POST", "/api/v1/findings/{id}/steps", longest_step,
       [this](Request request) { return step(std::move(request)); }},
  };
}

awaitable<http::Response> FindingsApi::list(http::Request request) {
  const auto visitor = co_await sessions_.visitor(request);
  if (!visitor) co_return http::problem(visitor.error());
  if (!*visitor && !options_.open_to_viewers) co_return nobody();
  const auto count = read_count(request, "count", 100, most_findings);
  if (!count) co_return http::problem(count.error());
  const auto reader = role_of(visitor->value_or(Visitor{}));
  const auto findings = co_await record_.findings(*count, reader);
  co_return answer_with(findings);
}

awaitable<http::Response> FindingsApi::one(http::Request request) {
  const auto visitor = co_await sessions_.visitor(request);
  if (!visitor) co_return http::problem(visitor.error());
  if (!*visitor && !options_.open_to_viewers) co_return nobody();
  const auto id = read_id(request);
  if (!id) co_return no_such_finding();
  const auto reader = role_of(visitor->value_or(Visitor{}));
  const auto finding = co_await record_.finding(*id, reader);
  co_return answer_with(finding);
}

/// Who may not bring a photo now does not get to send its bytes.
awaitable<std::optional<http::Response>> FindingsApi::admit_photo(http::Request& request) {
  const auto visitor = co_await sessions_.visitor(request);
  if (!visitor) co_return http::problem(visitor.error());
  if (!*visitor) co_return nobody();
  const auto role = role_of(**visitor);
  if (role != Owner::Group && role != Owner::Contractor) {
    co_return forbidden("photos are brought by the supervision group and the contractor");
  }
  if (!Sessions::csrf_fits(**visitor, request)) co_return wrong_csrf();
  if (http::media_type(request) != "image/jpeg" || !request.header("content-encoding").empty()) {
    co_return http::problem(415, "Unsupported media type", "send a JPEG as it is, as image/jpeg");
  }
  const Person& person = (*visitor)->person;
  if (photos_in_hand_->contains(person.id)) {
    co_return too_fast(6, "another photo of yours is in hand; one at a time");
  }
  if (!photo_pace_.allows(person.id)) co_return too_fast(6, "ten photos a minute; wait a little");
  request.place = std::make_shared<Turn>(photos_in_hand_, person);
  co_return std::nullopt;
}

awaitable<http::Response> FindingsApi::photo(http::Request request) {
  const Person person = static_cast<const Turn*>(request.place.get())->person();
  auto kept = co_await record_.photo(person, std::move(request.body));
  if (!kept) co_return http::problem(kept.error());
  auto response = answer_with(*kept);
  response.status = 201;
  co_return response;
}

awaitable<http::Response> FindingsApi::raise(http::Request request) {
  auto input = read_finding(request.body);
  auto response = co_await say(std::move(request), std::move(input));
  if (response.status == 200) response.status = 201;
  co_return response;
}

awaitable<http::Response> FindingsApi::step(http::Request request) {
  const auto id = read_id(request);
  auto input = read_finding_step(request.body);
  if (input && id) input->finding = *id;
  if (!id) input = Error(Fault::NotFound, "there is no such finding");
  auto response = co_await say(std::move(request), std::move(input));
  co_return response;
}

/// Who is asking comes first: strangers are not told what is wrong with their words.
awaitable<http::Response> FindingsApi::say(http::Request request, Result<FindingInput> input) {
  const auto visitor = co_await sessions_.visitor(request);
  if (!visitor) co_return http::problem(visitor.error());
  if (!*visitor) co_return nobody();
  if ((*visitor)->is_viewer()) co_return forbidden("sign in to say something about findings");
  if (!Sessions::csrf_fits(**visitor, request)) co_return wrong_csrf();
  if (!is_json(request.header("content-type"))) co_return not_json();
  if (!input) co_return http::problem(input.error());
  const Person person = (*visitor)->person;
  if (!step_pace_.allows(person.id)) co_return too_fast(6);
  auto once = http::once_key(request, "user:" + person.id);
  if (!once) co_return http::problem(once.error());
  const auto done = co_await record_.say(person, std::move(*input), std::move(*once));
  if (!done) co_return http::problem(done.error());
  co_return answer_with(*done);
}

}  // namespace jieding::web
