#include "gateway/mirror/page_files.hpp"

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

Result<void> lay_page(Folder& folder, std::set<std::string>& wanted) {
  // The HTML comes last: it names the others.
  std::string html;
  for (const web::Asset& asset : web::embedded_assets()) {
    const std::string name(asset.path.substr(1));
    wanted.insert(name);
    if (name == "index.html") {
      html = mirrored_html(asset.bytes);
    } else if (auto written = folder.write(name, asset.bytes); !written) {
      return written;
    }
  }
  return folder.write("index.html", html);
}

}  // namespace jieding::mirror
