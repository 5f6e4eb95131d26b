#include "gateway/web/places.hpp"

namespace jieding::web {

Places on_the_box(const Words& words) {
  return {"/", words.english() ? "/?lang=zh" : "/?lang=en",
          [](std::string_view sha256, unsigned width) {
            return "/api/v1/evidence/" + std::string(sha256) + "?width=" + std::to_string(width);
          },
          ""};
}

}  // namespace jieding::web
