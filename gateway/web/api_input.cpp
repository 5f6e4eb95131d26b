#include "gateway/web/api_input.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <charconv>
#include <initializer_list>

namespace jieding::web {
namespace {

namespace json = boost::json;

constexpr std::size_t most_comment_characters = 2000;
constexpr std::int64_t highest_storey = 300;

Error invalid(std::string text) {
  return Error(Fault::Invalid, std::move(text));
}

/// An object with no other keys than these. Depth and UTF-8 are checked by the parser, size by the
/// route's body limit.
Result<json::object> read_object(const std::string& body,
                                 std::initializer_list<std::string_view> keys) {
  json::parse_options options;
  options.max_depth = 4;
  boost::system::error_code error;
  auto value = json::parse(body, error, json::storage_ptr{}, options);
  if (error) return invalid("the body is not JSON: " + error.message());
  if (!value.is_object()) return invalid("the body must be a JSON object");
  for (const auto& entry : value.get_object()) {
    const std::string_view key(entry.key().data(), entry.key().size());
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) {
      return invalid("the body has an unknown key; see the API's description");
    }
  }
  return std::move(value.get_object());
}

Result<std::string> read_text(const json::object& object, std::string_view key,
                              std::size_t most_bytes) {
  const auto* value = object.if_contains({key.data(), key.size()});
  const auto* text = value ? value->if_string() : nullptr;
  if (!text) return invalid(std::string(key) + " must be a text");
  if (text->size() > most_bytes) return invalid(std::string(key) + " is too long");
  return std::string(text->data(), text->size());
}

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::ranges::count_if(
      utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

Result<int> read_storey(const json::object& object) {
  const auto* value = object.if_contains("storey");
  if (!value) return 0;
  boost::system::error_code error;
  const auto storey = value->to_number<std::int64_t>(error);
  if (error || storey < 0 || storey > highest_storey) {
    return invalid("storey must be a whole number from 0 to 300");
  }
  return static_cast<int>(storey);
}

Result<std::string> read_comment(const json::object& object) {
  if (!object.contains("comment")) return std::string{};
  auto comment = read_text(object, "comment", most_comment_characters * 4);
  if (!comment) return comment;
  if (characters(*comment) > most_comment_characters) {
    return invalid("the comment is longer than 2000 characters; shorten it");
  }
  return comment;
}

/// A record has a day and a document; no other act has.
Result<void> read_record(const json::object& object, Said& said) {
  if (said.act != Act::Record) {
    if (object.contains("day") || object.contains("document_sha256"))
      return invalid("day and document_sha256 belong to act = record only");
    return {};
  }
  const auto text = read_text(object, "day", 10);
  if (!text) return text.error();
  const auto day = day_from_text(*text);
  if (!day) return day.error();
  const auto document = read_text(object, "document_sha256", 64);
  if (!document) return document.error();
  if (!is_sha256(*document))
    return invalid("document_sha256 must be 64 lower-case hexadecimal digits");
  said.day = *day;
  said.document_sha256 = *document;
  return {};
}

}  // namespace

bool is_json(std::string_view content_type) {
  constexpr std::string_view wanted = "application/json";
  if (content_type.size() < wanted.size()) return false;
  const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; };
  if (!std::equal(wanted.begin(), wanted.end(), content_type.begin(),
                  [&](char b, char a) { return same(a, b); })) {
    return false;
  }
  const auto rest = content_type.substr(wanted.size());
  return rest.empty() || rest.front() == ';' || rest.front() == ' ';
}

Result<std::string> read_token(const std::string& body) {
  const auto object = read_object(body, {"token"});
  if (!object) return object.error();
  return read_text(*object, "token", 256);
}

Result<Said> read_act(const std::string& body) {
  const auto object = read_object(
      body, {"building", "milestone", "storey", "act", "comment", "day", "document_sha256"});
  if (!object) return object.error();
  const auto building = read_text(*object, "building", 64);
  if (!building) return building.error();
  if (!is_id(*building)) return invalid("building must be the id of a building, phase or facility");
  const auto kind = read_text(*object, "milestone", 64);
  if (!kind) return kind.error();
  if (!find_milestone_kind(*kind)) return invalid("there is no milestone of this name");
  const auto storey = read_storey(*object);
  if (!storey) return storey.error();
  const auto word = read_text(*object, "act", 16);
  if (!word) return word.error();
  const auto act = act_from_text(*word);
  if (act != Act::Confirm && act != Act::Dispute && act != Act::Record && act != Act::Withdraw)
    return invalid("act must be confirm, dispute, record or withdraw");
  auto comment = read_comment(*object);
  if (!comment) return comment.error();
  Said said{MilestoneKey{*building, *kind, *storey}, *act, std::move(*comment), {}, {}};
  const auto recorded = read_record(*object, said);
  if (!recorded) return recorded.error();
  return said;
}

Result<std::uint64_t> read_count(const http::Request& request, std::string_view name,
                                 std::uint64_t otherwise, std::uint64_t most) {
  const auto found = request.query.find(name);
  if (found == request.query.end()) return otherwise;
  const std::string& text = found->second;
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  if (parsed.ec != std::errc{} || parsed.ptr != end || number > most) {
    return invalid(std::string(name) + " must be a whole number up to " + std::to_string(most));
  }
  return number;
}

bool is_sha256(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_id(std::string_view text) {
  constexpr std::string_view allowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
  return !text.empty() && text.size() <= 64 &&
         text.find_first_not_of(allowed) == std::string_view::npos;
}

}  // namespace jieding::web
