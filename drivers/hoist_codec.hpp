#pragma once
// What a hoist's frames say. The area of Realtime and Stored (68 bytes), by offset:
//
//    0  8 serial number, ASCII        30  u16 height, dm         42  u8  doors, as the maker counts
//    8  4 number of the ride          32  u16 speed, dm/s               (0 to 3; 15 was seen too)
//   12  8 the driver's card           34  u8  floor              43  u8  wind, Beaufort
//   20  6 BCD yyMMddHHmmss, local     35  u8  persons            44  u16 wind, cm/s
//   26  u16 load, kg                  36  2 sensor bits          46  i16 tilt x, 0.01 deg
//   28  u16 rated load, kg            38  u16 alarm bits         48  i16 tilt y, 0.01 deg
//                                     40  2 relays, GPRS         50 18 the driver's identity number
//
// Who drives is never read: card and identity number are blanked before anything is kept.

#include <optional>
#include <string>
#include <string_view>

#include "drivers/hoist_frame.hpp"
#include "gateway/domain/reading.hpp"
#include "gateway/domain/result.hpp"

namespace jieding::drivers::hoist {

/// Of who sends it; empty: the area is too short to hold one.
std::string serial_number(const Frame& frame);

/// The readings of a Realtime or Stored frame. Invalid, with a short stable reason in front of the
/// text's first colon: `length`, `time`, `range`.
Result<Batch> readings(const Frame& frame, std::string_view device, Stamp received);

/// The time that a heartbeat gives; none: it holds none.
std::optional<Instant> heartbeat_time(const Frame& frame);

/// The answer to a heartbeat; with a time, the hoist sets its clock by it.
Frame heartbeat_answer(const Frame& heartbeat, std::optional<Instant> time);
/// Tells that a Stored record is kept.
Frame stored_answer(const Frame& stored);

/// Refused bytes without what tells who drives. Works on any bytes that hold a head.
std::string without_driver(std::string bytes);

}  // namespace jieding::drivers::hoist
