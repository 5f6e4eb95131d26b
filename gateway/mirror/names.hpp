#pragma once
// How an answer of the box is called in the mirror's folder (page/src/mirror.ts asks alike): a
// plain web server tells a file's type by its ending, and knows no query.

#include <string>
#include <string_view>

namespace jieding::mirror {

/// `/api/v1/site` → `api/v1/site.json`
inline std::string json_name(std::string_view path) {
  return std::string(path.substr(1)) + ".json";
}

/// At a width in pixels, `api/v1/evidence/4f…-640.jpg`; 0: as it is stored.
inline std::string picture_name(std::string_view sha256, unsigned width) {
  const std::string at = width == 0 ? "" : "-" + std::to_string(width);
  return "api/v1/evidence/" + std::string(sha256) + at + ".jpg";
}

}  // namespace jieding::mirror
