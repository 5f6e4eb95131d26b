#include "gateway/web/html.hpp"

namespace jieding::web {

std::string element(std::string_view name, std::string_view kind, std::string_view content) {
  std::string out = "<" + std::string(name);
  if (!kind.empty()) out.append(" class=\"").append(kind).append("\"");
  return out.append(">").append(content).append("</").append(name).append(">");
}

}  // namespace jieding::web
