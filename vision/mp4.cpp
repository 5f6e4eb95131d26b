#include "vision/mp4.hpp"

#include <numeric>
#include <utility>

namespace jieding::vision {
namespace {

constexpr std::size_t fixed_boxes = 1024;    // all but the tables and parameter sets
constexpr std::size_t parameter_sets = 512;  // SPS and PPS are some 50 bytes
constexpr std::size_t mdat_header = 16;      // with its 64-bit size
constexpr std::uint32_t movie_timescale = 1000;
constexpr std::uint32_t ticks_per_picture = 100;

std::string be16(std::uint32_t value) {
  return {static_cast<char>(value >> 8U & 0xFFU), static_cast<char>(value & 0xFFU)};
}
std::string be32(std::uint32_t value) {
  return be16(value >> 16U) + be16(value & 0xFFFFU);
}
std::string be64(std::uint64_t value) {
  return be32(static_cast<std::uint32_t>(value >> 32U)) + be32(static_cast<std::uint32_t>(value));
}
std::string zeros(std::size_t count) {
  return std::string(count, '\0');
}

std::string box(std::string_view type, const std::string& content) {
  return be32(static_cast<std::uint32_t>(8 + content.size())) + std::string(type) + content;
}
/// A box with version 0 and 24 bits of flags.
std::string full_box(std::string_view type, std::uint32_t flags, const std::string& content) {
  return box(type, be32(flags) + content);
}

/// The unit matrix: the picture as it is.
std::string upright() {
  return be32(0x10000) + zeros(12) + be32(0x10000) + zeros(12) + be32(0x40000000);
}

std::string table_of(const std::vector<std::uint32_t>& values) {
  std::string out = be32(static_cast<std::uint32_t>(values.size()));
  for (const std::uint32_t value : values)
    out += be32(value);
  return out;
}

/// AVCDecoderConfigurationRecord (ISO/IEC 14496-15, 5.3.3.1), samples with 4-byte lengths. The High
/// profiles add four bytes for 4:2:0 in 8 bits.
std::string avcc(const std::string& sps, const std::string& pps) {
  std::string out = std::string("\x01") + sps.substr(1, 3) + "\xff\xe1";
  out += be16(static_cast<std::uint32_t>(sps.size())) + sps + "\x01";
  out += be16(static_cast<std::uint32_t>(pps.size())) + pps;
  if (static_cast<unsigned char>(sps[1]) >= 100) out += std::string("\xfd\xf8\xf8\0", 4);
  return box("avcC", out);
}

/// BT.601 as OpenCV converts, limited range: what the stream itself says, for players that ask
/// here.
std::string colours() {
  return box("colr", "nclx" + be16(6) + be16(6) + be16(6) + zeros(1));
}

std::string sample_entry(const std::string& config, int width, int height) {
  const std::string size =
      be16(static_cast<std::uint32_t>(width)) + be16(static_cast<std::uint32_t>(height));
  const std::string dpi72 = be32(0x480000);
  return box("avc1", zeros(6) + be16(1) + zeros(16) + size + dpi72 + dpi72 + zeros(4) + be16(1) +
                         zeros(32) + be16(24) + be16(0xFFFF) + config + colours());
}

}  // namespace

std::size_t Mp4Track::head_room(std::size_t most_samples) {
  return fixed_boxes + parameter_sets + 8 * most_samples + mdat_header;
}

void Mp4Track::set_parameters(std::string sps, std::string pps) {
  sps_ = std::move(sps);
  pps_ = std::move(pps);
}

void Mp4Track::add(std::size_t bytes, bool key) {
  sizes_.push_back(static_cast<std::uint32_t>(bytes));
  if (key) keys_.push_back(static_cast<std::uint32_t>(sizes_.size()));
}

std::string Mp4Track::sample_table(std::size_t room, int width, int height) const {
  const auto count = static_cast<std::uint32_t>(sizes_.size());
  // All samples are one chunk, which begins behind the head.
  return box("stbl", full_box("stsd", 0, be32(1) + sample_entry(avcc(sps_, pps_), width, height)) +
                         full_box("stts", 0, be32(1) + be32(count) + be32(ticks_per_picture)) +
                         full_box("stss", 0, table_of(keys_)) +
                         full_box("stsc", 0, be32(1) + be32(1) + be32(count) + be32(1)) +
                         full_box("stsz", 0, be32(0) + table_of(sizes_)) +
                         full_box("stco", 0, be32(1) + be32(static_cast<std::uint32_t>(room))));
}

std::string Mp4Track::track(std::size_t room, int width, int height, int fps) const {
  const auto count = static_cast<std::uint32_t>(sizes_.size());
  const auto rate = static_cast<std::uint32_t>(fps);
  const std::uint32_t movie_time = count * movie_timescale / rate;
  const std::string sides = be32(static_cast<std::uint32_t>(width) << 16U) +
                            be32(static_cast<std::uint32_t>(height) << 16U);
  const std::string header = full_box(
      "tkhd", 3, zeros(8) + be32(1) + zeros(4) + be32(movie_time) + zeros(16) + upright() + sides);
  const std::string media =
      full_box("mdhd", 0,
               zeros(8) + be32(rate * ticks_per_picture) + be32(count * ticks_per_picture) +
                   be16(0x55C4) + zeros(2)) +
      full_box("hdlr", 0, zeros(4) + "vide" + zeros(12) + "jieding" + zeros(1)) +
      box("minf", full_box("vmhd", 1, zeros(8)) +
                      box("dinf", full_box("dref", 0, be32(1) + full_box("url ", 1, {}))) +
                      sample_table(room, width, height));
  return box("trak", header + box("mdia", media));
}

std::string Mp4Track::head(std::size_t room, int width, int height, int fps) const {
  const auto count = static_cast<std::uint32_t>(sizes_.size());
  const std::uint32_t movie_time = count * movie_timescale / static_cast<std::uint32_t>(fps);
  const std::string movie =
      full_box("mvhd", 0,
               zeros(8) + be32(movie_timescale) + be32(movie_time) + be32(0x10000) + be16(0x100) +
                   zeros(10) + upright() + zeros(24) + be32(2));
  std::string out = box("ftyp", "isom" + be32(0x200) + "isomiso2avc1mp41") +
                    box("moov", movie + track(room, width, height, fps));
  out += box("free", zeros(room - mdat_header - out.size() - 8));
  const std::uint64_t payload = std::accumulate(sizes_.begin(), sizes_.end(), std::uint64_t{0});
  return out + be32(1) + "mdat" + be64(mdat_header + payload);
}

}  // namespace jieding::vision
