#include "gateway/web/api_input.hpp"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <charconv>
#include <initializer_list>

#include "gateway/domain/sha256_name.hpp"

namespace jieding::web {
namespace {

namespace json = boost::json;

constexpr std::size_t most_comment_characters = 2000;
constexpr std::size_t most_place_characters = 200;
constexpr std::size_t most_name_characters = 40;
constexpr std::size_t most_photos = 4;
constexpr std::int64_t highest_storey = 300;
constexpr std::chrono::days most_bulletin_days{3653};

/// An object with no other keys than these. Depth and UTF-8 are checked by the parser, size by the
/// route's body limit.
Result<json::object> read_object(const std::string& body,
                                 std::initializer_list<std::string_view> keys,
                                 std::size_t depth = 4) {
  json::parse_options options;
  options.max_depth = depth;
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

Result<std::int64_t> read_whole(const json::object& object, std::string_view key,
                                std::int64_t most) {
  const auto* value = object.if_contains({key.data(), key.size()});
  boost::system::error_code error;
  const auto number = value ? value->to_number<std::int64_t>(error) : -1;
  if (!value || error || number < 0 || number > most)
    return invalid(std::string(key) + " must be a whole number from 0 to " + std::to_string(most));
  return number;
}

Result<int> read_storey(const json::object& object) {
  if (!object.contains("storey")) return 0;
  const auto storey = read_whole(object, "storey", highest_storey);
  if (!storey) return storey.error();
  return static_cast<int>(*storey);
}

/// A text that may be left out, in characters as people count them.
Result<std::string> read_words(const json::object& object, std::string_view key,
                               std::size_t most_characters) {
  if (!object.contains({key.data(), key.size()})) return std::string{};
  auto words = read_text(object, key, most_characters * 4);
  if (!words) return words;
  if (characters(*words) > most_characters) {
    return invalid("the " + std::string(key) + " is longer than " +
                   std::to_string(most_characters) + " characters; shorten it");
  }
  return words;
}

Result<std::string> read_word(const json::object& object, std::string_view key) {
  return read_text(object, key, 64);
}

Result<std::vector<std::string>> read_photos(const json::object& object) {
  std::vector<std::string> photos;
  const auto* value = object.if_contains("photos");
  if (!value) return photos;
  const auto* array = value->if_array();
  if (!array || array->size() > most_photos) {
    return invalid("photos must be a list of at most " + std::to_string(most_photos));
  }
  for (const auto& item : *array) {
    const auto* text = item.if_string();
    if (!text || !is_sha256({text->data(), text->size()})) {
      return invalid(
          "photos must be named by 64 lower-case hex digits, as POST /api/v1/photos says");
    }
    if (std::find(photos.begin(), photos.end(), std::string_view(*text)) != photos.end()) {
      return invalid("photos must differ from each other");
    }
    photos.emplace_back(*text);
  }
  return photos;
}

Result<void> read_place(const json::object& object, FindingInput& into) {
  if (object.contains("building")) {
    auto building = read_word(object, "building");
    if (!building) return building.error();
    if (!is_id(*building)) return invalid("building must be the id of a building");
    into.building = std::move(*building);
  }
  const auto storey = read_storey(object);
  if (!storey) return storey.error();
  if (*storey > 0 && into.building.empty())
    return invalid("a storey is one of a building; name it");
  into.storey = *storey;
  auto place = read_words(object, "place", most_place_characters);
  if (!place) return place.error();
  into.place = std::move(*place);
  return {};
}

/// What all that people do about a finding has in common.
Result<void> read_saying(const json::object& object, FindingInput& into) {
  auto text = read_words(object, "text", most_comment_characters);
  if (!text) return text.error();
  into.text = std::move(*text);
  auto photos = read_photos(object);
  if (!photos) return photos.error();
  into.photos = std::move(*photos);
  return {};
}

/// Name and role. A name is one line of text.
Result<void> read_who(const json::object& object, UserInput& into) {
  auto name = read_words(object, "name", most_name_characters);
  if (!name) return name.error();
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  if (std::ranges::any_of(*name, is_control)) return invalid("the name must be one line of text");
  into.name = std::move(*name);
  const auto word = read_word(object, "role");
  if (!word) return word.error();
  const auto role = owner_from_text(*word);
  if (role != Owner::Group && role != Owner::Contractor && role != Owner::Operator)
    return invalid("role must be group, contractor or operator");
  into.role = *role;
  return {};
}

Result<SiteDay> read_day(const json::object& object, std::string_view key) {
  const auto text = read_text(object, key, 10);
  if (!text) return text.error();
  return day_from_text(*text);
}

Result<std::string> read_document_name(const json::object& object) {
  auto document = read_text(object, "document_sha256", 64);
  if (!document) return document;
  if (!is_sha256(*document))
    return invalid("document_sha256 must be 64 lower-case hexadecimal digits");
  return document;
}

/// A claim and a record have a day, a record also a document, and no other act has either.
Result<void> read_record(const json::object& object, Said& said) {
  if (said.act != Act::Record && said.act != Act::Claim) {
    if (object.contains("day") || object.contains("document_sha256"))
      return invalid("day and document_sha256 belong to act = claim or record only");
    return {};
  }
  const auto day = read_day(object, "day");
  if (!day) return day.error();
  said.day = *day;
  if (said.act == Act::Claim && !object.contains("document_sha256")) return {};
  auto document = read_document_name(object);
  if (!document) return document.error();
  said.document_sha256 = std::move(*document);
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

Result<json::object> read_setup(const std::string& body) {
  return read_object(body, {"facades", "masks"}, 6);
}

Result<json::object> read_marked(const std::string& body) {
  return read_object(body, {"building", "corners", "storeys"});
}

Result<PublicPictures> read_public_pictures(const std::string& body) {
  const auto object = read_object(body, {"shown", "delay_hours"});
  if (!object) return object.error();
  const auto shown = read_word(*object, "shown");
  if (!shown) return shown.error();
  if (*shown == "live") return PublicPictures{};
  if (*shown == "stopped") return PublicPictures{std::chrono::hours{0}, true};
  if (*shown != "delayed") return invalid("shown must be live, delayed or stopped");
  const auto* delay = object->if_contains("delay_hours");
  boost::system::error_code error;
  const auto hours = delay ? delay->to_number<std::int64_t>(error) : 0;
  if (error || hours < 1 || hours > longest_picture_delay.count())
    return invalid("delay_hours must be a whole number from 1 to " +
                   std::to_string(longest_picture_delay.count()));
  return PublicPictures{std::chrono::hours{hours}, false};
}

Result<SignIn> read_sign_in(const std::string& body) {
  const auto object = read_object(body, {"token", "user", "password"});
  if (!object) return object.error();
  SignIn how;
  if (object->contains("user")) {
    auto user = read_text(*object, "user", 64);
    if (!user) return user.error();
    auto password = read_text(*object, "password", 256);
    if (!password) return password.error();
    if (!is_id(*user)) return Error(Fault::Refused, "name or password is wrong");
    how.user = std::move(*user);
    how.password = std::move(*password);
    return how;
  }
  auto token = read_text(*object, "token", 256);
  if (!token) return token.error();
  how.token = std::move(*token);
  return how;
}

Result<std::string> read_password(const std::string& body) {
  const auto object = read_object(body, {"password"});
  if (!object) return object.error();
  return read_text(*object, "password", 1024);
}

Result<UserInput> read_user(const std::string& body) {
  const auto object = read_object(body, {"id", "name", "role"});
  if (!object) return object.error();
  UserInput user;
  auto id = read_word(*object, "id");
  if (!id) return id.error();
  if (!is_id(*id)) return invalid("id must be letters, digits, - _ or . only, at most 64");
  user.id = std::move(*id);
  if (auto read = read_who(*object, user); !read) return read.error();
  return user;
}

Result<UserInput> read_user_change(const std::string& body) {
  const auto object = read_object(body, {"name", "role", "disabled"});
  if (!object) return object.error();
  UserInput user;
  if (auto read = read_who(*object, user); !read) return read.error();
  const auto* disabled = object->if_contains("disabled");
  if (!disabled || !disabled->is_bool()) return invalid("disabled must be true or false");
  user.disabled = disabled->get_bool();
  return user;
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
  constexpr std::array acts{Act::Confirm, Act::Dispute, Act::Claim, Act::Record, Act::Withdraw};
  if (!act || std::ranges::find(acts, *act) == acts.end())
    return invalid("act must be confirm, dispute, claim, record or withdraw");
  auto comment = read_words(*object, "comment", most_comment_characters);
  if (!comment) return comment.error();
  Said said{MilestoneKey{*building, *kind, *storey}, *act, std::move(*comment), {}, {}};
  const auto recorded = read_record(*object, said);
  if (!recorded) return recorded.error();
  return said;
}

Result<FindingInput> read_finding(const std::string& body) {
  const auto object = read_object(body, {"kind", "building", "storey", "place", "text", "photos"});
  if (!object) return object.error();
  FindingInput input;
  const auto word = read_word(*object, "kind");
  if (!word) return word.error();
  const auto kind = finding_kind_from_text(*word);
  if (!kind) return invalid("kind must be progress, quality or safety");
  input.kind = *kind;
  if (auto read = read_place(*object, input); !read) return read.error();
  if (auto read = read_saying(*object, input); !read) return read.error();
  return input;
}

Result<FindingInput> read_finding_step(const std::string& body) {
  const auto object = read_object(body, {"act", "text", "photos", "due"});
  if (!object) return object.error();
  FindingInput input;
  const auto word = read_word(*object, "act");
  if (!word) return word.error();
  const auto act = finding_act_from_text(*word);
  if (!act || *act == FindingAct::Raise) {
    return invalid("act must be answer, put_right, send_back, close or set_due");
  }
  input.act = *act;
  if (auto read = read_saying(*object, input); !read) return read.error();
  if (!object->contains("due")) return input;
  const auto text = read_word(*object, "due");
  if (!text) return text.error();
  const auto due = day_from_text(*text);
  if (!due) return due.error().in("due");
  input.due = *due;
  return input;
}

Result<int> read_width(const http::Request& request) {
  const auto given = request.query.find("width");
  if (given == request.query.end()) return 0;
  for (const int width : {320, 640, 960})
    if (given->second == std::to_string(width)) return width;
  return Error(Fault::Invalid, "width is 320, 640 or 960");
}

Result<HouseholdInput> read_households(const std::string& body) {
  const auto object = read_object(body, {"subject", "counted", "awaiting_return", "housed",
                                         "awaiting_registration", "document_sha256", "corrects"});
  if (!object) return object.error();
  HouseholdInput input;
  auto subject = read_word(*object, "subject");
  if (!subject) return subject.error();
  if (!is_id(*subject)) return invalid("subject must be the id of the project or a phase");
  input.households.subject = std::move(*subject);
  const auto day = read_day(*object, "counted");
  if (!day) return day.error();
  input.households.counted = *day;
  for (const auto& [key, into] :
       {std::pair{"awaiting_return", &input.households.awaiting_return},
        std::pair{"housed", &input.households.housed},
        std::pair{"awaiting_registration", &input.households.awaiting_registration}}) {
    const auto number = read_whole(*object, key, most_households);
    if (!number) return number.error();
    *into = static_cast<int>(*number);
  }
  if (object->contains("document_sha256")) {
    auto document = read_document_name(*object);
    if (!document) return document.error();
    input.document_sha256 = std::move(*document);
  }
  if (object->contains("corrects")) {
    const auto index = read_whole(*object, "corrects", last_index);
    if (!index) return index.error();
    input.corrects = static_cast<std::uint64_t>(*index);
  }
  return input;
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

Result<BulletinPeriod> read_bulletin_period(const http::Request& request) {
  const auto asked = [&](std::string_view name) {
    const auto found = request.query.find(name);
    return found == request.query.end() ? std::string() : found->second;
  };
  const std::string from = asked("from");
  const std::string to = asked("to");
  const std::string period = asked("period");
  if (from.empty() && to.empty()) {
    if (period.empty() || period == "week") return BulletinPeriod{BulletinSpan::Week, {}};
    if (period == "month") return BulletinPeriod{BulletinSpan::Month, {}};
    return invalid("period must be week or month; or name from and to, such as 2026-11-01");
  }
  const auto first = day_from_text(from);
  const auto last = day_from_text(to);
  if (!first || !last || *last < *first || *last - *first > most_bulletin_days)
    return invalid(
        "from and to must be days in order, such as 2026-11-01, at most ten years apart");
  return BulletinPeriod{BulletinSpan::Named, {*first, *last}};
}

bool is_id(std::string_view text) {
  constexpr std::string_view allowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
  return !text.empty() && text.size() <= 64 &&
         text.find_first_not_of(allowed) == std::string_view::npos;
}

}  // namespace jieding::web
