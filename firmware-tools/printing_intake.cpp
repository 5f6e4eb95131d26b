#include "firmware-tools/printing_intake.hpp"

#include "drivers/quoted.hpp"
#include "firmware-tools/secrets.hpp"

namespace jieding::tools {
namespace {

constexpr std::size_t most_shown = 400;  ///< bytes of a refusal

Error not_stored() {
  return {Fault::Unavailable, "only watched: nothing is stored, so nothing is acknowledged"};
}

/// Fit for a screen that others see.
std::string without_secrets(std::string bytes) {
  SecretMask mask;
  mask.push({std::nullopt, Happening::FromDevice, std::move(bytes)});
  mask.finish();
  return mask.next()->bytes;
}

std::string or_dash(const std::string& text) {
  return text.empty() ? "-" : text;
}

FrameAccepted seen() {
  return {true, "", ""};
}
ClaimAccepted recorded() {
  return {Status::None, 0};
}

}  // namespace

std::ostream& PrintingIntake::line(const std::string& device) {
  return out_ << to_rfc3339(clock_.now().at) << "  " << or_dash(device) << "  ";
}

void PrintingIntake::say_end(const std::string& device, const std::string& what) {
  line(device) << what << (accepts_ ? " taken" : " would be acknowledged") << "; nothing is stored"
               << std::endl;
}

boost::asio::awaitable<Result<Accepted>> PrintingIntake::readings(Batch batch) {
  for (const Reading& each : batch) {
    line(each.device) << "reading " << each.quantity << ' ' << to_text(each.statistic) << ' '
                      << each.value << ' ' << or_dash(each.unit) << " at "
                      << to_rfc3339(each.device_time)
                      << (each.flag.empty() ? "" : " flag " + each.flag) << '\n';
  }
  if (!batch.empty()) {
    say_end(batch.front().device, std::to_string(batch.size()) + " reading(s)");
  }
  if (!accepts_) co_return not_stored();
  Accepted accepted;
  accepted.stored = batch.size();
  co_return accepted;
}

boost::asio::awaitable<Result<Accepted>> PrintingIntake::readings_once(Batch batch, OnceKey) {
  return readings(std::move(batch));
}

boost::asio::awaitable<Result<FrameAccepted>> PrintingIntake::frame(Frame frame) {
  say_end(frame.camera, "picture " + frame.name + ", taken " + to_rfc3339(frame.taken) + ", " +
                            std::to_string(frame.bytes.size()) + " bytes,");
  if (!accepts_) co_return not_stored();
  co_return seen();
}

boost::asio::awaitable<Result<std::optional<FrameAccepted>>> PrintingIntake::frame_answer(
    std::string, std::string) {
  co_return std::optional<FrameAccepted>{};
}

boost::asio::awaitable<Result<ClaimAccepted>> PrintingIntake::claim(Claim claim) {
  say_end(claim.by, "claim of " + claim.milestone.kind + " of building " +
                        claim.milestone.building + " at " + to_rfc3339(claim.at));
  if (!accepts_) co_return not_stored();
  co_return recorded();
}

boost::asio::awaitable<Result<DocumentKept>> PrintingIntake::document(Document document) {
  say_end(document.device, "document of " + std::to_string(document.bytes.size()) + " bytes,");
  co_return not_stored();
}

void PrintingIntake::refuse(Refusal refusal) {
  line(refusal.device) << "REFUSED " << refusal.reason << " from " << or_dash(refusal.peer) << ": "
                       << refusal.detail;
  if (!refusal.bytes.empty()) {
    const auto size = refusal.bytes.size();
    out_ << "; " << size
         << " bytes: " << drivers::quoted(without_secrets(std::move(refusal.bytes)), most_shown);
  }
  out_ << std::endl;
}

void PrintingIntake::health(DeviceHealth health) {
  const char* word = health.health == Health::Ok        ? "ok"
                     : health.health == Health::Warning ? "WARNING"
                                                        : "FAILED";
  line(health.device) << "health " << word << (health.reason.empty() ? "" : ": ") << health.reason
                      << std::endl;
}

void PrintingIntake::heard(const std::string& device) {
  line(device) << "heartbeat" << std::endl;
}

void PrintingIntake::count(const std::string& device, const std::string& what) {
  line(device) << "counted " << what << std::endl;
}

std::string PrintingIntake::last_frame(const std::string&) const {
  return {};
}

}  // namespace jieding::tools
