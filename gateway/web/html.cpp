#include "gateway/web/html.hpp"

namespace jieding::web {

std::string escape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string element(std::string_view name, std::string_view kind, std::string_view content) {
  std::string out = "<" + std::string(name);
  if (!kind.empty()) out.append(" class=\"").append(kind).append("\"");
  return out.append(">").append(content).append("</").append(name).append(">");
}

}  // namespace jieding::web
