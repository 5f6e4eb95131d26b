#include "vision/film_wire.hpp"

#include <utility>

#include "vision/wire_header.hpp"

namespace jieding::vision::wire {
namespace {

namespace json = boost::json;

Message message_of(const json::object& header, std::vector<std::string> blobs = {}) {
  return {json::serialize(header), std::move(blobs)};
}

}  // namespace

Message to_message(const FilmOrder& order) {
  return message_of({{"kind", "film"},
                     {"width", order.width},
                     {"height", order.height},
                     {"fps", order.fps},
                     {"most", order.most_pictures}});
}

Message to_message(const Rolling& rolling) {
  return message_of({{"kind", "rolling"}, {"head_room", rolling.head_room}});
}

Message to_message(const FilmPicture& picture) {
  return message_of({{"kind", "picture"}, {"date", picture.date}}, {picture.jpeg});
}

Message to_message(const FilmSample& sample) {
  return message_of(
      {{"kind", "sample"}, {"fault", sample.fault}, {"other_size", sample.other_size}},
      {sample.bytes});
}

Message to_message(const FilmHead& head) {
  return message_of({{"kind", "head"}, {"width", head.width}, {"height", head.height}},
                    {head.bytes});
}

Message cut_message() {
  return message_of({{"kind", "cut"}});
}

Result<FilmOrder> to_film_order(const Message& message) {
  const auto header = header_of(message, "film");
  if (!header) return header.error();
  return guarded<FilmOrder>([&]() -> Result<FilmOrder> {
    return FilmOrder{number<int>(*header, "width"), number<int>(*header, "height"),
                     number<int>(*header, "fps"), number<std::size_t>(*header, "most")};
  });
}

Result<Rolling> to_rolling(const Message& message) {
  const auto header = header_of(message, "rolling");
  if (!header) return header.error();
  return guarded<Rolling>(
      [&]() -> Result<Rolling> { return Rolling{number<std::size_t>(*header, "head_room")}; });
}

Result<FilmPicture> to_film_picture(Message message) {
  const auto header = header_of(message, "picture");
  if (!header) return header.error();
  return guarded<FilmPicture>([&]() -> Result<FilmPicture> {
    return FilmPicture{std::move(message.blobs.at(0)), text(*header, "date")};
  });
}

Result<FilmSample> to_film_sample(Message message) {
  const auto header = header_of(message, "sample");
  if (!header) return header.error();
  return guarded<FilmSample>([&]() -> Result<FilmSample> {
    return FilmSample{std::move(message.blobs.at(0)), text(*header, "fault"),
                      header->at("other_size").as_bool()};
  });
}

Result<FilmHead> to_film_head(Message message) {
  const auto header = header_of(message, "head");
  if (!header) return header.error();
  return guarded<FilmHead>([&]() -> Result<FilmHead> {
    return FilmHead{std::move(message.blobs.at(0)), number<int>(*header, "width"),
                    number<int>(*header, "height")};
  });
}

}  // namespace jieding::vision::wire
