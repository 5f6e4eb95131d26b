#pragma once
// A masked picture at the size of a telephone's screen, on its way through vision. No OpenCV here.

#include <cstdint>
#include <string>

#include "gateway/domain/result.hpp"
#include "vision/wire.hpp"

namespace jieding::vision {

struct RenditionCall {
  std::uint64_t id = 0;
  int width_px = 0;
  std::string jpeg;
  bool operator==(const RenditionCall&) const = default;
};

struct RenditionAnswer {
  std::uint64_t id = 0;
  std::string refused;  ///< why it is no picture, as decode.hpp says it; empty: `jpeg` is good
  std::string jpeg;
  bool operator==(const RenditionAnswer&) const = default;
};

namespace wire {

Message to_message(const RenditionCall& call);
Message to_message(const RenditionAnswer& answer);
Result<RenditionCall> to_rendition_call(Message message);
Result<RenditionAnswer> to_rendition_answer(Message message);

}  // namespace wire
}  // namespace jieding::vision
