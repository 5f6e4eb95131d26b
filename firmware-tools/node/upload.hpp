#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "firmware-tools/cbor.hpp"
#include "gateway/domain/result.hpp"

namespace jieding::tools::node {

/// The way of an image into a node, piece by piece; pure. The node says what it has, and may go
/// back: to 0 when it has forgotten, or to what it still had when a cut upload begins again.
class Upload {
 public:
  /// `image` must outlive it; `sha256` is of all its bytes, by which a node knows a cut upload
  /// again. A request, header included, has at most `most_request` bytes.
  Upload(std::string_view image, std::string sha256, std::size_t most_request);

  bool done() const { return offset_ == image_.size(); }
  std::size_t offset() const { return offset_; }

  /// The map of the next request.
  cbor::Value next() const;
  /// The node has so many bytes. Refused: one that never gets further.
  Result<void> reached(std::size_t offset);

 private:
  std::size_t piece_at(std::size_t offset) const;

  std::string_view image_;
  std::string sha256_;
  std::size_t most_request_;
  std::size_t offset_ = 0;
  std::size_t furthest_ = 0;
  std::size_t replies_ = 0;
  int without_progress_ = 0;
};

}  // namespace jieding::tools::node
