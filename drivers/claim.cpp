#include "drivers/claim.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <utility>

#include "gateway/domain/milestone.hpp"
#include "gateway/domain/sha256_name.hpp"

namespace jieding::drivers {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_note = 2000;

/// The fields of a claim, each once, each of its type, none unknown.
class ClaimReader {
 public:
  explicit ClaimReader(const config::Config& config) : config_(config) {}

  Result<Claim> read(std::string_view body) {
    json::parse_options limits;
    limits.max_depth = 2;
    json::error_code failed;
    const json::value parsed = json::parse(body, failed, {}, limits);
    if (failed || !parsed.is_object()) return invalid("the body is not a JSON object");
    for (const auto& [key, value] : parsed.get_object()) {
      if (auto wrong = field(key, value); !wrong.empty()) {
        return invalid("'" + std::string(key.substr(0, 40)) + "' " + wrong);
      }
    }
    if (auto wrong = missing(); !wrong.empty()) return invalid(wrong);
    return std::move(claim_);
  }

 private:
  std::string field(std::string_view key, const json::value& value) {
    if (key == "storey") {
      if (!value.is_int64() || value.get_int64() < 0 || value.get_int64() > 1000) {
        return "is not a storey number";
      }
      claim_.milestone.storey = static_cast<int>(value.get_int64());
      return {};
    }
    if (!value.is_string()) return "is not a text, or not known here";
    const std::string text(value.get_string());
    if (key == "at") return take_time(text);
    if (key == "building") {
      claim_.milestone.building = text;
    } else if (key == "milestone") {
      claim_.milestone.kind = text;
    } else if (key == "document_sha256") {
      if (!is_sha256(text)) return "is not a SHA-256 in lower-case hexadecimal";
      claim_.document_sha256 = text;
    } else if (key == "note") {
      if (text.size() > longest_note) return "has more than 2000 bytes";
      claim_.note = text;
    } else {
      return "is not known here";
    }
    return {};
  }

  std::string take_time(const std::string& text) {
    const auto at = from_rfc3339(text);
    if (!at) return at.error().text();
    claim_.at = *at;
    dated_ = true;
    return {};
  }

  /// What only the whole can show.
  std::string missing() const {
    const MilestoneKey& key = claim_.milestone;
    const config::Building* building = config_.building(key.building);
    if (building == nullptr) return "'building' is not one of this site";
    const MilestoneKind* kind = find_milestone_kind(key.kind);
    if (kind == nullptr) return "'milestone' is not the id of a milestone";
    if (!dated_) return "'at' is missing: the day when it was reached";
    const bool storeyed = key.kind == "storey_cast";
    if (storeyed && (key.storey < 1 || key.storey > building->storeys)) {
      return "'storey' is not one of the building's " + std::to_string(building->storeys);
    }
    if (!storeyed && key.storey != 0) return "'storey' belongs to storey_cast only";
    if (!kind->seen_by_camera && claim_.document_sha256.empty()) {
      return "'document_sha256' is missing: " + key.kind + " is shown by a document";
    }
    return {};
  }

  const config::Config& config_;
  Claim claim_;
  bool dated_ = false;
};

}  // namespace

Result<Claim> parse_claim(std::string_view body, const config::Config& config) {
  return ClaimReader(config).read(body);
}

}  // namespace jieding::drivers
