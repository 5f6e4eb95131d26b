#pragma once

#include <string>
#include <string_view>

namespace jieding::drivers {

/// What came from outside, fit for one line that people read: at most `most` bytes in quotes, cut
/// between characters; control bytes and what is no UTF-8 stand as \xNN.
std::string quoted(std::string_view text, std::size_t most = 40);

}  // namespace jieding::drivers
