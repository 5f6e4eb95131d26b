#pragma once

#include <string>
#include <string_view>

#include "gateway/domain/result.hpp"

namespace jieding::vision {

/// A picture no wider than `width_px`; one that is not stays as it is, byte for byte. Errors as
/// decode.hpp; Invalid for a width below 16 px.
Result<std::string> render(std::string_view jpeg, int width_px);

}  // namespace jieding::vision
