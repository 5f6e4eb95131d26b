#pragma once
// What the gateway and jieding-vision say to each other over their socket pair. No OpenCV here.

#include <cstdint>
#include <string>

#include "gateway/domain/observation.hpp"
#include "gateway/domain/result.hpp"
#include "vision/camera_setup.hpp"
#include "vision/wire_message.hpp"

namespace jieding::vision::wire {

// What is said: setup -> ready (for each camera), frame -> report.

struct Setup {
  CameraSetup camera;
  std::string state;  ///< empty for a fresh start
  bool operator==(const Setup&) const = default;
};
struct FrameCall {
  std::uint64_t id = 0;
  Frame frame;
  bool operator==(const FrameCall&) const = default;
};
struct Report {
  std::uint64_t id = 0;
  std::string refused;  ///< why this camera is not looked after; empty: `report` holds
  FrameReport report;
  bool operator==(const Report&) const = default;
};

/// What its header names it (`setup`, `frame`, ...); empty where that names nothing.
std::string kind(const Message& message);

Message to_message(const Setup& setup);
Message to_message(const FrameCall& call);
Message to_message(const Report& report);
Message ready_message();

Result<Setup> to_setup(Message message);
Result<FrameCall> to_frame(Message message);
Result<Report> to_report(Message message);

}  // namespace jieding::vision::wire
