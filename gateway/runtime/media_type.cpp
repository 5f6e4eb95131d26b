#include "gateway/runtime/media_type.hpp"

namespace jieding {

std::string_view media_type_of(std::string_view bytes) {
  if (bytes.starts_with("%PDF-")) return "application/pdf";        // ISO 32000-1, 7.5.2
  if (bytes.starts_with("\xFF\xD8\xFF")) return "image/jpeg";      // SOI and a marker
  if (bytes.starts_with("\x89PNG\r\n\x1A\n")) return "image/png";  // PNG, 5.2
  return {};
}

std::string bare_media_type(std::string_view header) {
  std::string type(header.substr(0, header.find(';')));
  while (type.ends_with(' '))
    type.pop_back();
  for (char& c : type) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return type;
}

}  // namespace jieding
