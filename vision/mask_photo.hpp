#pragma once

#include <string>
#include <string_view>

#include "gateway/domain/result.hpp"
#include "vision/people.hpp"

namespace jieding::vision {

/// A person's photo, fit for other eyes: upright, people and faces that are found pixelated, at
/// most 1600 pixels along its longer side, without anything that the file said beside its pixels
/// (place, time, device, small preview). A person chose what it shows, so nothing else is hidden.
/// Errors as decode_jpeg, and `too_small`.
Result<std::string> mask_photo(std::string_view jpeg, const FindPeople& find_people);

}  // namespace jieding::vision
