#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace jieding::bench {

/// Copies of the frames in `from`, made 1280 x 720, into `to`; at most `most`. Returns the name of
/// the last one; empty: there was none. Throws std::runtime_error.
std::string make_720p_frames(const std::filesystem::path& from, const std::filesystem::path& to,
                             std::size_t most);

}  // namespace jieding::bench
