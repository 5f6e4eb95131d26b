#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "gateway/runtime/http.hpp"

namespace jieding::web {

/// One file of the page, embedded in the program by embed_page.cmake.
struct Asset {
  std::string_view path;  ///< `/index.html`, `/assets/index-1a2b3c4d.js`
  std::string_view content_type;
  std::string_view bytes;
  std::string_view gzip;  ///< the same compressed; empty where that gains nothing
  std::string_view etag;  ///< quoted
  bool immutable;         ///< its name carries a hash: it never changes
};

/// The page as it was built. Generated.
std::span<const Asset> embedded_assets();

/// The page itself, without a first HTML in it.
std::string_view embedded_index();

/// A GET route for each file.
std::vector<http::Route> asset_routes(std::span<const Asset> assets);

}  // namespace jieding::web
