#pragma once

#include <string>

#include "config/config.hpp"

namespace jieding::config {

/// How people call the page by one of its names: `https://NAME:PORT`.
std::string page_address(const Web& web, const std::string& name);

}  // namespace jieding::config
