#include "gateway/web/gate_html.hpp"

#include "gateway/web/html.hpp"

namespace jieding::web {

std::string gate_html(Gate gate, const Words& words) {
  const auto said = [&](std::string_view tag, std::string_view id) {
    return element(tag, "", escape(words("gate", id)));
  };
  const std::string how = said("h1", "title") + said("p", "body") + said("h2", "how") + "<ul>" +
                          said("li", "neighbours") + said("li", "group") + said("li", "once") +
                          "</ul>";
  const auto notice = [&](std::string_view id) {
    return element("p", "notice notice-warning", escape(words("gate", id)));
  };
  switch (gate) {
    case Gate::SigningIn:
      // Only the script can use up a one-time link.
      return element(
          "main", "quiet",
          said("p", "signingIn") + "<noscript>" + said("p", "needsScript") + "</noscript>");
    case Gate::Refused:
      return element("main", "gate", notice("refused") + how);
    case Gate::Locked:
      return element("main", "gate", notice("locked") + how);
    case Gate::NoLink:
      break;
  }
  return element("main", "gate", how);
}

}  // namespace jieding::web
