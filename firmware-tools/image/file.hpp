#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "gateway/domain/result.hpp"

namespace jieding::tools::image {

/// All bytes of a file that has no more than `most`.
Result<std::string> read_file(const std::string& path, std::size_t most);

/// The file appears whole or not at all. Conflict: it is there and may not be replaced.
Result<void> write_file(const std::string& path, std::string_view bytes, bool replace);

}  // namespace jieding::tools::image
