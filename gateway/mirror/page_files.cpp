#include "gateway/mirror/page_files.hpp"

#include "gateway/mirror/plain_pages.hpp"
#include "gateway/web/assets.hpp"
#include "gateway/web/content_policy.hpp"

namespace jieding::mirror {

std::string mirrored_html(std::string_view index) {
  constexpr std::string_view head = "<head>";
  const auto place = index.find(head);
  std::string html(index);
  if (place == std::string_view::npos) return html;
  return html.insert(place + head.size(),
                     "<meta name=\"jieding-mirror\" content=\"yes\">"
                     "<meta http-equiv=\"Content-Security-Policy\" content=\"" +
                         std::string(web::content_policy) + "\">");
}

namespace {

/// A browser that runs no script goes to the page that needs none.
std::string with_way_without_script(std::string html) {
  constexpr std::string_view end = "</head>";
  const auto place = html.find(end);
  if (place == std::string::npos) return html;
  return html.insert(place, "<noscript><meta http-equiv=\"refresh\" content=\"0; url=./" +
                                plain_name(false) + "\"></noscript>");
}

}  // namespace

Result<void> lay_page(Folder& folder, std::set<std::string>& wanted) {
  // The HTML comes last: it names the others.
  std::string html;
  for (const web::Asset& asset : web::embedded_assets()) {
    const std::string name(asset.path.substr(1));
    wanted.insert(name);
    if (name == "index.html") {
      html = with_way_without_script(mirrored_html(asset.bytes));
    } else if (auto written = folder.write(name, asset.bytes); !written) {
      return written;
    }
  }
  return folder.write("index.html", html);
}

}  // namespace jieding::mirror
