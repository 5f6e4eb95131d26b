#include "gateway/web/page_shell.hpp"

#include "gateway/web/html.hpp"

namespace jieding::web {
namespace {

/// What stands between two marks; empty without them.
std::string_view between(std::string_view text, std::string_view from, std::string_view to) {
  const auto begin = text.find(from);
  if (begin == std::string_view::npos) return {};
  const auto after = begin + from.size();
  const auto end = text.find(to, after);
  return end == std::string_view::npos ? std::string_view{} : text.substr(after, end - after);
}

/// header.tsx draws the same.
constexpr std::string_view mark =
    "<svg class=\"mark\" viewBox=\"0 0 32 32\" width=\"32\" height=\"32\" aria-hidden=\"true\">"
    "<path class=\"mark-wall\" d=\"M8 26V14h16v12z\"/>"
    "<path class=\"mark-joint\" d=\"M8 18h16M8 22h16M13.3 14v12M18.7 14v12\"/>"
    "<path class=\"mark-roof\" d=\"M6 10.5h20v3.5H6zM16 3.5l6 2.2-6 2.2z\"/>"
    "<path class=\"mark-line\" d=\"M16 3.5v7M4 26.8h24\"/></svg>";

/// With the ways to the help page and to the other language.
std::string top_bar(const Words& words, const Places& places) {
  const std::string product =
      std::string(mark) + element("span", "", escape(words("page", "product")));
  const auto way = [](const std::string& address, const std::string& said) {
    return "<a class=\"plain\" href=\"" + escape(address) + "\">" + escape(said) + "</a>";
  };
  // Of the page's own files this is `/help/zh.html`.
  const std::string help = places.root + words("page", "helpAddress").substr(1);
  const std::string ways =
      way(help, words("page", "help")) + way(places.other_language, words("page", "other"));
  return element("header", "topbar",
                 element("p", "product", product) + element("div", "topbar-buttons", ways));
}

}  // namespace

PageShell::PageShell(std::string_view index)
    : index_(index),
      links_(between(index, "<head>", "<title>")),
      rest_(between(index, "</title>", "<div id=\"page\"></div>")) {}

std::string PageShell::with(const std::string& content, std::string_view title, const Words& words,
                            const Places& places, bool entered) const {
  if (rest_.empty()) return std::string(index_);
  std::string out = "<!doctype html>\n<html lang=\"" + std::string(words.lang()) + "\"><head>";
  out.append(links_).append(element("title", "", escape(title))).append(rest_);
  out.append("<div id=\"first\"").append(entered ? " data-entered>" : ">");
  return out.append(top_bar(words, places))
      .append(content)
      .append("</div><div id=\"page\"></div></body></html>\n");
}

}  // namespace jieding::web
