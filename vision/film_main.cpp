// jieding-film: encodes the pictures that `jieding timelapse` hands it, all of them masked. A
// program of its own, so that the process that sees a camera's raw pictures carries no encoder.
// Like jieding-vision it has a socket and nothing else.

#include <algorithm>
#include <memory>
#include <opencv2/core.hpp>
#include <utility>

#include "vision/decode.hpp"
#include "vision/film_encoder.hpp"
#include "vision/film_wire.hpp"
#include "vision/talk.hpp"

namespace jieding::vision {
namespace {

/// What phones decode without trouble; --size can ask for more.
const cv::Size longest_sides{1920, 1080};

/// The first picture's size, halved sides even, within what phones play.
cv::Size size_for(const cv::Mat& first) {
  const double scale = std::min(
      {1.0, double(longest_sides.width) / first.cols, double(longest_sides.height) / first.rows});
  return {std::max(16, cvFloor(first.cols * scale) / 2 * 2),
          std::max(16, cvFloor(first.rows * scale) / 2 * 2)};
}

class Film {
 public:
  Result<wire::Message> answer(wire::Message message) {
    const std::string kind = wire::kind(message);
    if (kind == "film") return begin(wire::to_film_order(message));
    if (kind == "picture") return add(wire::to_film_picture(std::move(message)));
    if (kind == "cut") return cut();
    return Error(Fault::Invalid, "film message of an unknown kind");
  }

 private:
  Result<wire::Message> begin(const Result<wire::FilmOrder>& order) {
    if (!order) return order.error();
    order_ = *order;
    size_ = {order_.width, order_.height};
    head_room_ = Mp4Track::head_room(order_.most_pictures);
    return wire::to_message(wire::Rolling{head_room_});
  }

  Result<wire::Message> add(const Result<wire::FilmPicture>& picture) {
    if (!picture) return picture.error();
    if (track_.samples() >= order_.most_pictures)
      return Error(Fault::Invalid, "more pictures than announced");
    const auto decoded = decode_jpeg(picture->jpeg);
    if (!decoded) return wire::to_message(wire::FilmSample{{}, decoded.error().text(), false});
    if (size_.empty()) size_ = size_for(*decoded);
    if (track_.samples() == 0) first_ = decoded->size();
    if (!encoder_) {
      auto made = FilmEncoder::create(size_, order_.fps);
      if (!made) return made.error();
      encoder_ = std::move(*made);
    }
    auto sample = encoder_->encode(film_frame(*decoded, size_, picture->date), track_);
    if (!sample) return sample.error();
    return wire::to_message(wire::FilmSample{std::move(*sample), {}, decoded->size() != first_});
  }

  Result<wire::Message> cut() const {
    if (track_.samples() == 0) return wire::to_message(wire::FilmHead{});
    return wire::to_message(wire::FilmHead{
        track_.head(head_room_, size_.width, size_.height, order_.fps), size_.width, size_.height});
  }

  wire::FilmOrder order_;
  cv::Size size_, first_;
  std::size_t head_room_ = 0;
  std::unique_ptr<FilmEncoder> encoder_;
  Mp4Track track_;
};

Answer film() {
  return [film = std::make_shared<Film>()](wire::Message message) {
    return film->answer(std::move(message));
  };
}

}  // namespace
}  // namespace jieding::vision

int main() {
  return jieding::vision::be_child("jieding-film", [] {
    cv::setNumThreads(1);
    return jieding::vision::film();
  });
}
