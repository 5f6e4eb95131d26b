#include "firmware-tools/node/upload.hpp"

#include <algorithm>
#include <utility>

#include "firmware-tools/node/smp.hpp"

namespace jieding::tools::node {
namespace {

/// Replies in a row that bring the upload no further than it was.
constexpr int most_without_progress = 1000;
/// Times that each piece may be asked for on the whole: a node that goes back for ever gets an end.
constexpr std::size_t most_rounds = 8;
/// Of a request without its piece: map, names and numbers; the first has length and hash besides.
constexpr std::size_t frame_of_next = smp_header_size + 20;
constexpr std::size_t frame_of_first = frame_of_next + 48;

}  // namespace

Upload::Upload(std::string_view image, std::string sha256, std::size_t most_request)
    : image_(image), sha256_(std::move(sha256)), most_request_(most_request) {}

std::size_t Upload::piece_at(std::size_t offset) const {
  const std::size_t frame = offset == 0 ? frame_of_first : frame_of_next;
  const std::size_t room = most_request_ > frame ? most_request_ - frame : 1;
  return std::min(room, image_.size() - offset);
}

cbor::Value Upload::next() const {
  cbor::Map map;
  if (offset_ == 0) {
    map.push_back({cbor::text("len"), cbor::number(image_.size())});
    map.push_back({cbor::text("sha"), cbor::bytes(sha256_)});
  }
  map.push_back({cbor::text("off"), cbor::number(offset_)});
  map.push_back({cbor::text("data"), cbor::bytes(image_.substr(offset_, piece_at(offset_)))});
  return {std::move(map)};
}

Result<void> Upload::reached(std::size_t offset) {
  offset_ = std::min(offset, image_.size());
  ++replies_;
  const std::size_t pieces = image_.size() / std::max<std::size_t>(piece_at(1), 1) + 1;
  const bool for_ever = replies_ > most_rounds * pieces + most_without_progress;
  without_progress_ = offset_ > furthest_ ? 0 : without_progress_ + 1;
  furthest_ = std::max(furthest_, offset_);
  if (without_progress_ <= most_without_progress && !for_ever) return {};
  return Error{Fault::Unavailable, "the node takes nothing after byte " +
                                       std::to_string(furthest_) + "; reset it and try again"};
}

}  // namespace jieding::tools::node
