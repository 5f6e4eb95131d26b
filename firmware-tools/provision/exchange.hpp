#pragma once

#include <filesystem>
#include <functional>

#include "gateway/domain/result.hpp"

namespace jieding::tools::provision {

/// Two names change places in one step, with no instant without either (renameat2). Not every file
/// system can.
Result<void> exchange(const std::filesystem::path& one, const std::filesystem::path& other);

/// So that a test can end the process around it.
using Exchange =
    std::function<Result<void>(const std::filesystem::path&, const std::filesystem::path&)>;

}  // namespace jieding::tools::provision
