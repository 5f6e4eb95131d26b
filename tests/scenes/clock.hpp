#pragma once

#include <cstdint>
#include <string>

namespace jieding::scenes {

// Times are seconds since 1970, UTC.

/// YYYY-MM-DDThh:mm:ssZ
std::string iso(std::int64_t time);
/// YYYYMMDDThhmmssZ
std::string file_stamp(std::int64_t time);
/// As cameras write it into their pictures, in UTC+8.
std::string camera_clock(std::int64_t time);

int day_of_year(std::int64_t time);
/// 0 to 24, in UTC+8, taken for local solar time.
double local_hour(std::int64_t time);

constexpr double local_offset_hours = 8;  // the time zone of site.toml

}  // namespace jieding::scenes
