#include "drivers/onvif.hpp"

#include <charconv>
#include <pugixml.hpp>

#include "drivers/digest.hpp"
#include "gateway/runtime/markup.hpp"

namespace jieding::drivers::onvif {
namespace {

constexpr int deepest = 32;
constexpr std::size_t most_profiles = 64;
constexpr std::size_t longest_text = 1000;
constexpr std::size_t longest_told = 200;
constexpr std::string_view media = "http://www.onvif.org/ver10/media/wsdl";
constexpr std::string_view device = "http://www.onvif.org/ver10/device/wsdl";

std::string security_header(const Signature& by) {
  const std::string created = to_rfc3339(by.created);
  const std::string wss = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-";
  return "<s:Header><w:Security s:mustUnderstand=\"1\" xmlns:w=\"" + wss +
         "wssecurity-secext-1.0.xsd\"><w:UsernameToken><w:Username>" +
         markup::escape(by.credentials.user) + "</w:Username><w:Password Type=\"" + wss +
         "username-token-profile-1.0#PasswordDigest\">" +
         password_digest(by.nonce, created, by.credentials.password) +
         "</w:Password><w:Nonce EncodingType=\"" + wss +
         "soap-message-security-1.0#Base64Binary\">" + base64(by.nonce) +
         "</w:Nonce><u:Created xmlns:u=\"" + wss + "wssecurity-utility-1.0.xsd\">" + created +
         "</u:Created></w:UsernameToken></w:Security></s:Header>";
}

std::string envelope(const Signed& by, std::string_view name, std::string_view space,
                     std::string_view content = "") {
  std::string text =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
      "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\">";
  if (by) text += security_header(*by);
  text.append("<s:Body><").append(name).append(" xmlns=\"").append(space).append("\">");
  text.append(content).append("</").append(name).append("></s:Body></s:Envelope>");
  return text;
}

/// Every maker has prefixes of its own.
std::string_view local_name(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  const auto colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node child(const pugi::xml_node& parent, std::string_view name) {
  for (const pugi::xml_node& each : parent.children())
    if (local_name(each) == name) return each;
  return {};
}

template <class... Names>
pugi::xml_node below(pugi::xml_node node, Names... names) {
  ((node = child(node, names)), ...);
  return node;
}

std::string text_of(const pugi::xml_node& node) {
  std::string_view text = node.text().get();
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  while (!text.empty() && is_space(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && is_space(text.back()))
    text.remove_suffix(1);
  return std::string(text.substr(0, longest_text));
}

std::optional<int> number_in(const pugi::xml_node& node) {
  const std::string text = text_of(node);
  int number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// Stops where the tree is deeper than any answer of ONVIF.
struct DepthMeter : pugi::xml_tree_walker {
  bool for_each(pugi::xml_node&) override { return depth() < deepest; }
};

Error not_an_answer(std::string_view why) {
  return {Fault::Invalid, "ONVIF: the answer " + std::string(why)};
}

/// Printable and short: it goes to people.
std::string told(std::string text) {
  text.resize(std::min(text.size(), longest_told));
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return text;
}

Error fault_in(const pugi::xml_node& fault) {
  std::string codes;
  auto code = child(fault, "Code");
  for (int i = 0; i < 4 && code; ++i, code = child(code, "Subcode"))
    codes += (i == 0 ? "" : " ") + text_of(child(code, "Value"));
  const std::string reason = text_of(below(fault, "Reason", "Text"));
  if (codes.find("NotAuthorized") != std::string::npos) {
    return {Fault::Refused, "ONVIF: the device refuses user and password (" + told(codes) +
                                "); correct them, and see that the user may use ONVIF"};
  }
  return {Fault::Invalid,
          "ONVIF: the device answers \"" + told(reason) + "\" (" + told(codes) + ")"};
}

/// The element `name` in the body of an answer. `document` holds what it refers to.
Result<pugi::xml_node> body_of(std::string_view answer, std::string_view name,
                               pugi::xml_document& document) {
  if (answer.size() > longest_answer) return not_an_answer("is longer than 256 KiB");
  const auto parsed =
      document.load_buffer(answer.data(), answer.size(), pugi::parse_default | pugi::parse_doctype);
  if (!parsed) return not_an_answer("is no XML; is this the address of its ONVIF service?");
  for (const pugi::xml_node& each : document.children())
    if (each.type() == pugi::node_doctype) return not_an_answer("has a DOCTYPE");
  DepthMeter meter;
  if (!document.traverse(meter)) return not_an_answer("is nested too deeply");
  const auto body = below(document, "Envelope", "Body");
  if (const auto fault = child(body, "Fault")) return fault_in(fault);
  const auto wanted = child(body, name);
  if (!wanted) return not_an_answer("holds no " + std::string(name));
  return wanted;
}

Result<std::string> address_in(const pugi::xml_node& node, std::string_view of_what) {
  std::string address = text_of(node);
  if (address.empty()) return not_an_answer("names no address of " + std::string(of_what));
  return address;
}

}  // namespace

std::string password_digest(std::string_view nonce, std::string_view created,
                            std::string_view password) {
  return base64(digest(Hash::Sha1, std::string(nonce).append(created).append(password)));
}

std::string get_system_date_and_time() {
  return envelope(std::nullopt, "GetSystemDateAndTime", device);
}

std::string get_capabilities(const Signed& by) {
  return envelope(by, "GetCapabilities", device, "<Category>Media</Category>");
}

std::string get_services(const Signed& by) {
  return envelope(by, "GetServices", device, "<IncludeCapability>false</IncludeCapability>");
}

std::string get_profiles(const Signed& by) {
  return envelope(by, "GetProfiles", media);
}

std::string get_snapshot_uri(const Signed& by, std::string_view profile) {
  return envelope(by, "GetSnapshotUri", media,
                  "<ProfileToken>" + markup::escape(profile) + "</ProfileToken>");
}

Result<Instant> read_clock(std::string_view answer) {
  pugi::xml_document document;
  const auto body = body_of(answer, "GetSystemDateAndTimeResponse", document);
  if (!body) return body.error();
  const auto utc = below(*body, "SystemDateAndTime", "UTCDateTime");
  const auto date = child(utc, "Date");
  const auto time = child(utc, "Time");
  const auto year = number_in(child(date, "Year"));
  const auto month = number_in(child(date, "Month"));
  const auto day = number_in(child(date, "Day"));
  const auto hour = number_in(child(time, "Hour"));
  const auto minute = number_in(child(time, "Minute"));
  const auto second = number_in(child(time, "Second"));
  if (!year || !month || !day || !hour || !minute || !second || *year < 1970 || *year > 9999 ||
      *month < 1 || *month > 12 || *day < 1 || *day > 31) {
    return not_an_answer("holds no UTC time");
  }
  const std::chrono::year_month_day on{std::chrono::year{*year},
                                       std::chrono::month{static_cast<unsigned>(*month)},
                                       std::chrono::day{static_cast<unsigned>(*day)}};
  const bool right = on.ok() && *hour >= 0 && *hour < 24 && *minute >= 0 && *minute < 60 &&
                     *second >= 0 && *second <= 60;
  if (!right) return not_an_answer("holds a time that cannot be");
  return Instant{std::chrono::sys_days{on} + std::chrono::hours{*hour} +
                 std::chrono::minutes{*minute} + std::chrono::seconds{*second}};
}

Result<std::string> read_media_capability(std::string_view answer) {
  pugi::xml_document document;
  const auto body = body_of(answer, "GetCapabilitiesResponse", document);
  if (!body) return body.error();
  return address_in(below(*body, "Capabilities", "Media", "XAddr"), "a media service");
}

Result<std::string> read_media_service(std::string_view answer) {
  pugi::xml_document document;
  const auto body = body_of(answer, "GetServicesResponse", document);
  if (!body) return body.error();
  for (const pugi::xml_node& service : body->children()) {
    if (text_of(child(service, "Namespace")) != media) continue;
    return address_in(child(service, "XAddr"), "its media service");
  }
  return not_an_answer("names no media service");
}

Result<std::vector<Profile>> read_profiles(std::string_view answer) {
  pugi::xml_document document;
  const auto body = body_of(answer, "GetProfilesResponse", document);
  if (!body) return body.error();
  std::vector<Profile> profiles;
  for (const pugi::xml_node& node : body->children()) {
    const std::string_view token = node.attribute("token").value();
    if (local_name(node) != "Profiles" || token.empty() || token.size() > longest_text) continue;
    const auto size = below(node, "VideoEncoderConfiguration", "Resolution");
    profiles.push_back({std::string(token), number_in(child(size, "Width")).value_or(0),
                        number_in(child(size, "Height")).value_or(0)});
    if (profiles.size() == most_profiles) break;
  }
  if (profiles.empty()) return not_an_answer("names no profile");
  return profiles;
}

Result<std::string> read_snapshot_uri(std::string_view answer) {
  pugi::xml_document document;
  const auto body = body_of(answer, "GetSnapshotUriResponse", document);
  if (!body) return body.error();
  return address_in(below(*body, "MediaUri", "Uri"), "a snapshot");
}

}  // namespace jieding::drivers::onvif
