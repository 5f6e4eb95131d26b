#pragma once
// The page, as this program carries it, for a folder instead of a box.

#include <set>
#include <string>
#include <string_view>

#include "gateway/domain/result.hpp"
#include "gateway/mirror/folder.hpp"

namespace jieding::mirror {

/// The page's HTML, told that it stands on a mirror, with the policy that the box sends as a
/// header.
std::string mirrored_html(std::string_view index);

/// Writes all files of the page; adds their names to `wanted`.
Result<void> lay_page(Folder& folder, std::set<std::string>& wanted);

}  // namespace jieding::mirror
