#pragma once

#include <ostream>
#include <string>

#include "gateway/runtime/clock.hpp"
#include "gateway/runtime/intake.hpp"

namespace jieding::tools {

/// Says what a driver hands in, a line each, and keeps nothing of it: so the driver is told that it
/// cannot be stored, and acknowledges nothing. Thread-bound to io.
class PrintingIntake final : public Intake {
 public:
  PrintingIntake(std::ostream& out, const BusinessClock& clock) : out_(out), clock_(clock) {}

  /// From now on all is taken as if it were stored: for devices that do not go on otherwise, and
  /// for drivers that ask.
  void accept_all() { accepts_ = true; }

  boost::asio::awaitable<Result<Accepted>> readings(Batch batch) override;
  boost::asio::awaitable<Result<Accepted>> readings_once(Batch batch, OnceKey key) override;
  boost::asio::awaitable<Result<FrameAccepted>> frame(Frame frame) override;
  boost::asio::awaitable<Result<std::optional<FrameAccepted>>> frame_answer(
      std::string camera, std::string name) override;
  boost::asio::awaitable<Result<ClaimAccepted>> claim(Claim claim) override;
  boost::asio::awaitable<Result<DocumentKept>> document(Document document) override;
  void refuse(Refusal refusal) override;
  void health(DeviceHealth health) override;
  void heard(const std::string& device) override;
  void count(const std::string& device, const std::string& what) override;
  /// None: a folder is walked from its first picture.
  std::string last_frame(const std::string& camera) const override;

 private:
  std::ostream& line(const std::string& device);
  void say_end(const std::string& device, const std::string& what);

  std::ostream& out_;
  const BusinessClock& clock_;
  bool accepts_ = false;
};

}  // namespace jieding::tools
