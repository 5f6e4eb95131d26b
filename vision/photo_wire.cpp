#include <utility>

#include "vision/photo.hpp"
#include "vision/wire_header.hpp"

namespace jieding::vision::wire {
namespace {

namespace json = boost::json;

}  // namespace

Message to_message(const PhotoCall& call) {
  return {json::serialize(json::object{{"kind", "photo"}, {"id", call.id}}), {call.jpeg}};
}

Message to_message(const PhotoAnswer& answer) {
  return {json::serialize(json::object{
              {"kind", "masked_photo"}, {"id", answer.id}, {"refused", answer.refused}}),
          {answer.jpeg}};
}

Result<PhotoCall> to_photo_call(Message message) {
  const auto header = header_of(message, "photo");
  if (!header) return header.error();
  return guarded<PhotoCall>([&]() -> Result<PhotoCall> {
    if (message.blobs.size() != 1) return wrong_message("a photo has one blob");
    return PhotoCall{number<std::uint64_t>(*header, "id"), std::move(message.blobs[0])};
  });
}

Result<PhotoAnswer> to_photo_answer(Message message) {
  const auto header = header_of(message, "masked_photo");
  if (!header) return header.error();
  return guarded<PhotoAnswer>([&]() -> Result<PhotoAnswer> {
    if (message.blobs.size() != 1) return wrong_message("a masked photo has one blob");
    return PhotoAnswer{number<std::uint64_t>(*header, "id"), text(*header, "refused"),
                       std::move(message.blobs[0])};
  });
}

}  // namespace jieding::vision::wire
