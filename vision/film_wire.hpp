#pragma once
// What is said between `jieding timelapse` and jieding-film, in the messages of vision/wire:
// film -> rolling, picture -> sample (for each), cut -> head.

#include <cstdint>
#include <string>

#include "vision/wire.hpp"

namespace jieding::vision::wire {

struct FilmOrder {
  int width = 0;  ///< px; 0: as the first picture
  int height = 0;
  int fps = 12;
  std::size_t most_pictures = 0;
  bool operator==(const FilmOrder&) const = default;
};
/// Bytes to leave free in front of the samples.
struct Rolling {
  std::size_t head_room = 0;
  bool operator==(const Rolling&) const = default;
};
struct FilmPicture {
  std::string jpeg;
  std::string date;  ///< burnt into the corner
  bool operator==(const FilmPicture&) const = default;
};
/// A picture that cannot be decoded gives a fault and no bytes.
struct FilmSample {
  std::string bytes;
  std::string fault;
  bool other_size = false;  ///< scaled into the film, with bars
  bool operator==(const FilmSample&) const = default;
};
/// The front of the file.
struct FilmHead {
  std::string bytes;
  int width = 0;
  int height = 0;
  bool operator==(const FilmHead&) const = default;
};

Message to_message(const FilmOrder& order);
Message to_message(const Rolling& rolling);
Message to_message(const FilmPicture& picture);
Message to_message(const FilmSample& sample);
Message to_message(const FilmHead& head);
Message cut_message();

Result<FilmOrder> to_film_order(const Message& message);
Result<Rolling> to_rolling(const Message& message);
Result<FilmPicture> to_film_picture(Message message);
Result<FilmSample> to_film_sample(Message message);
Result<FilmHead> to_film_head(Message message);

}  // namespace jieding::vision::wire
