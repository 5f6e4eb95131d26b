#pragma once
// What corners and masks may be in a picture: the same law for the file and for the page.

#include <array>
#include <span>
#include <string>

#include "config/config.hpp"

namespace jieding::config {

/// In this order everywhere.
inline constexpr std::string_view corner_order = "ground left, ground right, roof right, roof left";

/// Why four corners cannot be a finished facade in a picture of this size (px; zero: not known) and
/// what to do; empty: they can.
std::string wrong_corners(const std::array<Point, 4>& corners, std::array<int, 2> size);

/// Why a polygon cannot be a mask, in the same way.
std::string wrong_mask(std::span<const Point> polygon, std::array<int, 2> size);

}  // namespace jieding::config
