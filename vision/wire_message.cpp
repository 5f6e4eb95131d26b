#include "vision/wire_message.hpp"

#include <string_view>
#include <utility>

#include "vision/wire_header.hpp"

namespace jieding::vision::wire {
namespace {

void put32(std::string& out, std::size_t value) {
  for (int shift = 24; shift >= 0; shift -= 8)
    out += static_cast<char>((value >> static_cast<unsigned>(shift)) & 0xFFU);
}

std::size_t get32(std::string_view bytes, std::size_t at) {
  std::size_t value = 0;
  for (std::size_t i = at; i < at + 4; ++i)
    value = value << 8U | static_cast<unsigned char>(bytes[i]);
  return value;
}

}  // namespace

std::string encode(const Message& message) {
  std::string out;
  put32(out, message.header.size());
  put32(out, message.blobs.size());
  for (const auto& blob : message.blobs)
    put32(out, blob.size());
  out += message.header;
  for (const auto& blob : message.blobs)
    out += blob;
  return out;
}

std::span<char> Incoming::room() {
  switch (part_) {
    case Part::Prefix:
    case Part::Sizes:
      return front_;
    case Part::Header:
      return message_.header;
    case Part::Blob:
      return message_.blobs.back();
    case Part::Whole:
      break;
  }
  return {};
}

Result<void> Incoming::filled() {
  switch (part_) {
    case Part::Prefix:
      return read_prefix();
    case Part::Sizes:
      return read_sizes();
    case Part::Header:
    case Part::Blob:
      begin_blob();
      break;
    case Part::Whole:
      break;
  }
  return {};
}

Result<void> Incoming::read_prefix() {
  header_size_ = get32(front_, 0);
  const std::size_t blobs = get32(front_, 4);
  if (header_size_ > largest_header) return wrong_message("header is too long");
  if (blobs > most_blobs) return wrong_message("too many blobs");
  front_.assign(4 * blobs, '\0');
  part_ = Part::Sizes;
  return {};
}

Result<void> Incoming::read_sizes() {
  std::size_t total = header_size_;
  for (std::size_t at = 0; at < front_.size(); at += 4) {
    sizes_.push_back(get32(front_, at));
    if (sizes_.back() > largest_blob) return wrong_message("blob is too long");
    total += sizes_.back();
  }
  if (total > largest_message) return wrong_message("message is too long");
  message_.header.assign(header_size_, '\0');
  part_ = Part::Header;
  return {};
}

/// Only the room of one at a time: what was announced need not come.
void Incoming::begin_blob() {
  const std::size_t begun = message_.blobs.size();
  part_ = begun < sizes_.size() ? Part::Blob : Part::Whole;
  if (part_ == Part::Blob) message_.blobs.emplace_back(sizes_[begun], '\0');
}

}  // namespace jieding::vision::wire
