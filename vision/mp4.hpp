#pragma once
// The MP4 file around one H.264 track (ISO/IEC 14496-12 and -15), written for films that play while
// they load: the index stands before the pictures, in room that was left for it.
//
//   | ftyp | moov | free ... up to `head_room` | mdat header + samples, one after the other |

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace jieding::vision {

class Mp4Track {
 public:
  /// Bytes to leave free in front of the samples, for at most so many of them.
  static std::size_t head_room(std::size_t most_samples);

  /// H.264 parameter sets without start codes, from the first sample.
  void set_parameters(std::string sps, std::string pps);
  bool has_parameters() const { return !sps_.empty() && !pps_.empty(); }
  /// A sample in the order of the file; a key sample can be jumped to.
  void add(std::size_t bytes, bool key);
  std::size_t samples() const { return sizes_.size(); }

  /// Exactly `room` bytes: all in front of the first sample. `fps` pictures a second, sides in px.
  std::string head(std::size_t room, int width, int height, int fps) const;

 private:
  std::string track(std::size_t room, int width, int height, int fps) const;
  std::string sample_table(std::size_t room, int width, int height) const;

  std::string sps_, pps_;
  std::vector<std::uint32_t> sizes_;
  std::vector<std::uint32_t> keys_;  ///< numbered from 1
};

}  // namespace jieding::vision
