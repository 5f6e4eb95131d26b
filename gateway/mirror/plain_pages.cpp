#include "gateway/mirror/plain_pages.hpp"

#include "gateway/mirror/names.hpp"
#include "gateway/mirror/page_files.hpp"
#include "gateway/web/assets.hpp"
#include "gateway/web/first_html.hpp"
#include "gateway/web/json_parts.hpp"
#include "gateway/web/page_shell.hpp"
#include "gateway/web/places.hpp"
#include "gateway/web/written_dates.hpp"

namespace jieding::mirror {

std::string plain_name(bool english) {
  return english ? "plain.en.html" : "plain.html";
}

std::string plain_page(const boost::json::value& site, Instant read_at, bool english) {
  const web::Words words(english);
  const web::Places places{"./", "./" + plain_name(!english), picture_name,
                           web::written_minute(read_at, english)};
  const auto& about = web::part(site, "site");
  const std::string name = web::text(about, "name");
  const std::string title = words("page", "title", {name.empty() ? web::text(about, "id") : name});
  const std::string content = web::first_html(site, words, web::Detail::All, places);
  return mirrored_html(
      web::PageShell(web::embedded_index()).with(content, title, words, places, false));
}

}  // namespace jieding::mirror
