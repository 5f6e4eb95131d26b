#include "vision/state_blob.hpp"

#include <cstring>

namespace jieding::vision {
namespace {

/// FNV-1a: against torn and mixed-up bytes, not against an enemy (the blob is the gateway's own).
std::uint64_t checksum(std::string_view bytes) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : bytes)
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return hash;
}

}  // namespace

void BlobWriter::put(std::string_view text) {
  put(static_cast<std::uint32_t>(text.size()));
  bytes_ += text;
}

std::string BlobWriter::seal() {
  put(checksum(bytes_));
  return std::move(bytes_);
}

BlobReader::BlobReader(std::string_view sealed) {
  std::uint64_t sum = 0;
  ok_ = sealed.size() >= sizeof sum;
  if (!ok_) return;
  left_ = sealed.substr(0, sealed.size() - sizeof sum);
  std::memcpy(&sum, sealed.data() + left_.size(), sizeof sum);
  ok_ = sum == checksum(left_);
}

void BlobReader::take(void* to, std::size_t size) {
  ok_ = ok_ && size <= left_.size();
  if (!ok_) return;
  std::memcpy(to, left_.data(), size);
  left_.remove_prefix(size);
}

std::string BlobReader::get_text(std::size_t most) {
  const auto size = get<std::uint32_t>();
  ok_ = ok_ && size <= most && size <= left_.size();
  if (!ok_) return {};
  std::string text(left_.substr(0, size));
  left_.remove_prefix(size);
  return text;
}

}  // namespace jieding::vision
