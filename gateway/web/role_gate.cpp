#include "gateway/web/role_gate.hpp"

#include <utility>

#include "gateway/web/answers.hpp"
#include "gateway/web/api_input.hpp"

namespace jieding::web {
namespace {

// GCC 12 destroys some aggregates that are built inside a coroutine twice: plain functions build
// them.
Entry refused(http::Response response) {
  return {Person{}, std::move(response)};
}

Entry decide(const std::optional<Visitor>& visitor, const http::Request& request,
             std::optional<Owner> role, Asks asks) {
  if (!visitor) return refused(nobody());
  if (visitor->is_viewer())
    return refused(http::problem(403, "Forbidden", "this is for people who signed in"));
  if (role && visitor->person.role != *role)
    return refused(
        http::problem(403, "Forbidden", "this is for the " + std::string(to_text(*role))));
  if (asks == Asks::ToWrite) {
    if (!Sessions::csrf_fits(*visitor, request)) return refused(wrong_csrf());
    if (!request.body.empty() && !is_json(request.header("content-type")))
      return refused(not_json());
  }
  return {visitor->person, std::nullopt};
}

}  // namespace

boost::asio::awaitable<Entry> enter(Sessions& sessions, http::Request request,
                                    std::optional<Owner> role, Asks asks) {
  const auto visitor = co_await sessions.visitor(request);
  if (!visitor) co_return refused(http::problem(visitor.error()));
  co_return decide(*visitor, request, role, asks);
}

namespace {

boost::asio::awaitable<http::Response> answer_person(Sessions* sessions, std::optional<Owner> role,
                                                     Asks asks, PersonAnswer answer,
                                                     http::Request request) {
  Entry entry = co_await enter(*sessions, request, role, asks);
  if (entry.refusal) co_return std::move(*entry.refusal);
  Person person = std::move(entry.person);
  auto response = co_await answer(std::move(person), std::move(request));
  co_return response;
}

}  // namespace

http::Handler for_persons(Sessions& sessions, std::optional<Owner> role, Asks asks,
                          PersonAnswer answer) {
  return [&sessions, role, asks, answer = std::move(answer)](http::Request request) {
    return answer_person(&sessions, role, asks, answer, std::move(request));
  };
}

}  // namespace jieding::web
