#include "drivers/hj212_stations.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include "config/words.hpp"

namespace jieding::drivers::hj212 {
namespace {

template <class T>
T or_throw(Result<T> result, const std::string& where) {
  if (!result) throw std::runtime_error(where + ": " + result.error().text());
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

template <class T>
T chosen(std::optional<T> choice, const std::string& where, std::string_view words) {
  if (!choice) throw std::runtime_error(where + ": write one of " + std::string(words));
  return *choice;
}

std::optional<bool> whole_of(std::string_view word) {
  if (word == "each") return false;
  if (word == "whole") return true;
  return std::nullopt;
}

std::optional<WireForm> form_of(std::string_view word) {
  if (word == "raw") return WireForm::Raw;
  if (word == "hex") return WireForm::Hex;
  return std::nullopt;
}

constexpr std::array<std::string_view, 4> reply_names{"standard", "qnrtn", "qnrtn_exertn", "2005"};
constexpr std::array<std::string_view, 2> part_names{"each", "whole"};
constexpr std::array<std::string_view, 2> wire_names{"raw", "hex"};

std::vector<std::string_view> tolerance_names() {
  std::vector<std::string_view> names{"field"};
  for (const ToleranceWord& word : tolerance_words())
    names.push_back(word.name);
  return names;
}

/// Empty: it is one of the names.
std::string wrong_word(std::string_view written, std::span<const std::string_view> names) {
  if (std::find(names.begin(), names.end(), written) != names.end()) return {};
  const std::string_view meant = config::nearest(written, names);
  const std::string is = "\"" + std::string(written) + "\" is none of its words; ";
  return is + (meant.empty() ? "write one of " + config::list(names)
                             : "did you mean \"" + std::string(meant) + "\"?");
}

Seal seal_of(const config::Settings& settings, const std::string& where) {
  Seal seal;
  seal.form = chosen(form_of(settings.get<std::string>("sm4_wire", "raw")), where + ": sm4_wire",
                     config::list(wire_names));
  if (settings.has("sm4_key_file")) {
    const auto file = settings.get<std::string>("sm4_key_file");
    seal.keys = or_throw(read_keys(file), where + ": sm4_key_file");
  }
  return seal;
}

}  // namespace

std::string wrong_tolerate(const config::Settings& station, const config::Config&) {
  const auto names = tolerance_names();
  for (const auto& written : station.get<std::vector<std::string>>("tolerate"))
    if (auto wrong = wrong_word(written, names); !wrong.empty()) return wrong;
  return {};
}

std::string wrong_reply(const config::Settings& station, const config::Config&) {
  return wrong_word(station.get<std::string>("reply"), reply_names);
}

std::string wrong_answer_parts(const config::Settings& station, const config::Config&) {
  return wrong_word(station.get<std::string>("answer_parts"), part_names);
}

std::string wrong_sm4_wire(const config::Settings& station, const config::Config&) {
  return wrong_word(station.get<std::string>("sm4_wire"), wire_names);
}

Stations::Stations(const config::Config& config) {
  for (const config::Device& device : config.devices) {
    if (device.driver == "hj212") add(device);
  }
}

void Stations::add(const config::Device& device) {
  const std::string where = "device " + device.id;
  const config::Settings& settings = device.settings;
  Station station;
  station.device = device.id;
  station.pw = settings.get<std::string>("pw");
  station.allow = or_throw(AddressList::parse(settings.get<std::vector<std::string>>("allow")),
                           where + ": allow");
  station.dialect = {settings.get<config::TextTable>("units"),
                     settings.get<config::TextTable>("aliases"),
                     or_throw(tolerances(settings.get<std::vector<std::string>>("tolerate")),
                              where + ": tolerate")};
  or_throw(check(station.dialect), where);
  station.reply = chosen(reply_style(settings.get<std::string>("reply", "standard")),
                         where + ": reply", config::list(reply_names));
  station.answer_whole = chosen(whole_of(settings.get<std::string>("answer_parts", "each")),
                                where + ": answer_parts", config::list(part_names));
  station.seal = seal_of(settings, where);
  auto& same_mn = by_mn_[settings.get<std::string>("mn")];
  for (const Station& other : same_mn) {
    if (!other.allow.empty() && !station.allow.empty()) continue;
    throw std::runtime_error(where + ": mn is that of device " + other.device +
                             "; give both an `allow` that tells them apart");
  }
  same_mn.push_back(std::move(station));
}

const std::vector<Station>& Stations::with(std::string_view mn) const {
  static const std::vector<Station> none;
  const auto found = by_mn_.find(mn);
  return found == by_mn_.end() ? none : found->second;
}

const Station* Stations::find(std::string_view mn, const boost::asio::ip::address& peer) const {
  for (const Station& station : with(mn)) {
    if (station.may_come_from(peer)) return &station;
  }
  return nullptr;
}

bool Stations::anyone_may_come_from(const boost::asio::ip::address& peer) const {
  return std::any_of(by_mn_.begin(), by_mn_.end(), [&](const auto& each) {
    return std::any_of(each.second.begin(), each.second.end(),
                       [&](const Station& station) { return station.may_come_from(peer); });
  });
}

bool Stations::any_sealed() const {
  return std::any_of(by_mn_.begin(), by_mn_.end(), [](const auto& each) {
    return std::any_of(each.second.begin(), each.second.end(),
                       [](const Station& station) { return !station.seal.keys.empty(); });
  });
}

/// Of the station that the segment's head names; null: it is not one that is encrypted.
const Seal* KeyRing::seal_for(std::string_view segment) const {
  const auto at = segment.find(contents_open);
  if (at == std::string_view::npos) return nullptr;
  const auto message =
      parse(std::string(segment.substr(0, at + contents_open.size())).append(contents_close));
  if (!message || !may_be_encrypted(message->head.edition, message->head.cn)) return nullptr;
  const Station* station = stations_.find(message->head.mn, peer_);
  return station == nullptr || station->seal.keys.empty() ? nullptr : &station->seal;
}

std::size_t KeyRing::wire_length(std::string_view begun, std::size_t declared) const {
  const Seal* seal = seal_for(begun.substr(0, declared));
  return seal == nullptr ? declared : hj212::wire_length(*seal, begun, declared);
}

std::optional<std::string> KeyRing::open(std::string_view segment, std::uint16_t told) const {
  const Seal* seal = seal_for(segment);
  return seal == nullptr ? std::nullopt : hj212::open(*seal, segment, told);
}

}  // namespace jieding::drivers::hj212
