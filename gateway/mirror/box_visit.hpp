#pragma once
// The box as somebody sees it who came by the viewer link and only looks.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <string>
#include <string_view>

#include "drivers/http_client.hpp"
#include "gateway/domain/result.hpp"

namespace jieding::mirror {

/// What `jieding link viewer` prints, taken apart.
struct ViewerLink {
  drivers::WebAddress box;  ///< its target is `/`
  std::string token;        ///< empty: the box is open to viewers
};

/// The first line of `text`.
Result<ViewerLink> read_viewer_link(std::string_view text);

/// Thread-bound to io; one question at a time.
class BoxVisit {
 public:
  /// Throws std::runtime_error as HttpClient does. Credentials are of no use here.
  BoxVisit(boost::asio::any_io_executor io, ViewerLink link, drivers::HttpAccess access);

  /// An answer of 200, 403 (kept from those who only look) or 404. Refused: the link is not good
  /// any more. Unavailable: no answer, or one that says to come later.
  boost::asio::awaitable<Result<drivers::HttpAnswer>> ask(std::string path);
  /// Ends what is under way, with an error.
  void cancel() { client_.cancel(); }

 private:
  boost::asio::awaitable<Result<drivers::HttpAnswer>> get(const std::string& path);
  boost::asio::awaitable<Result<void>> sign_in();

  ViewerLink link_;
  drivers::HttpClient client_;
};

}  // namespace jieding::mirror
