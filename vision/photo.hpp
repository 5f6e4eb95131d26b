#pragma once
// A photo that a person took of a finding, on its way through vision. No OpenCV here.

#include <cstdint>
#include <string>

#include "gateway/domain/result.hpp"
#include "vision/wire.hpp"

namespace jieding::vision {

/// Unmasked: never written to disk.
struct PhotoCall {
  std::uint64_t id = 0;
  std::string jpeg;
  bool operator==(const PhotoCall&) const = default;
};

struct PhotoAnswer {
  std::uint64_t id = 0;
  std::string refused;  ///< why it is no picture, as decode.hpp says it; empty: `jpeg` is masked
  std::string jpeg;
  bool operator==(const PhotoAnswer&) const = default;
};

namespace wire {

Message to_message(const PhotoCall& call);
Message to_message(const PhotoAnswer& answer);
Result<PhotoCall> to_photo_call(Message message);
Result<PhotoAnswer> to_photo_answer(Message message);

}  // namespace wire
}  // namespace jieding::vision
