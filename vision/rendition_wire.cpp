#include <utility>

#include "vision/rendition.hpp"
#include "vision/wire_header.hpp"

namespace jieding::vision::wire {
namespace {

namespace json = boost::json;

}  // namespace

Message to_message(const RenditionCall& call) {
  return {json::serialize(
              json::object{{"kind", "rendition"}, {"id", call.id}, {"width_px", call.width_px}}),
          {call.jpeg}};
}

Message to_message(const RenditionAnswer& answer) {
  return {json::serialize(
              json::object{{"kind", "rendered"}, {"id", answer.id}, {"refused", answer.refused}}),
          {answer.jpeg}};
}

Result<RenditionCall> to_rendition_call(Message message) {
  const auto header = header_of(message, "rendition");
  if (!header) return header.error();
  return guarded<RenditionCall>([&]() -> Result<RenditionCall> {
    if (message.blobs.size() != 1) return wrong_message("a picture has one blob");
    return RenditionCall{number<std::uint64_t>(*header, "id"), number<int>(*header, "width_px"),
                         std::move(message.blobs[0])};
  });
}

Result<RenditionAnswer> to_rendition_answer(Message message) {
  const auto header = header_of(message, "rendered");
  if (!header) return header.error();
  return guarded<RenditionAnswer>([&]() -> Result<RenditionAnswer> {
    if (message.blobs.size() != 1) return wrong_message("a picture has one blob");
    return RenditionAnswer{number<std::uint64_t>(*header, "id"), text(*header, "refused"),
                           std::move(message.blobs[0])};
  });
}

}  // namespace jieding::vision::wire
