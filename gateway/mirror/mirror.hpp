#pragma once
// Keeps a folder as the box's page is for those who only look: its files and every answer it asks
// for. Any web server can give the folder out, where telephones cannot reach the box.

#include <boost/asio/awaitable.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "gateway/domain/public_pictures.hpp"
#include "gateway/mirror/box_visit.hpp"
#include "gateway/mirror/folder.hpp"
#include "gateway/mirror/picture_list.hpp"
#include "gateway/runtime/clock.hpp"

namespace jieding::mirror {

struct MirrorOptions {
  std::chrono::seconds every{30};    ///< told to the page, which then knows what is late
  std::size_t most_pictures = 2000;  ///< newest first; each in four sizes
};

/// Thread-bound to io; box and folder outlive it.
class Mirror {
 public:
  Mirror(BoxVisit& box, Folder& folder, const BusinessClock& wall, const RuntimeClock& clock,
         MirrorOptions options)
      : box_(box), folder_(folder), wall_(wall), clock_(clock), options_(options) {}

  /// Brings the folder up to date. What names other files is written after them, the site after
  /// all; on an error the folder still shows the last state, and its age.
  boost::asio::awaitable<Result<void>> round();
  /// Removes what the last good round did not want. A page that was read before it still needs
  /// that for a while.
  void sweep();

 private:
  /// An answer that is asked for again only when its reason is another one.
  struct Known {
    std::string reason;
    std::vector<std::string> pictures;
  };

  void begin_round();
  boost::asio::awaitable<Result<boost::json::value>> ask_site();
  Result<void> heed(const PublicPictures& rule);
  boost::asio::awaitable<Result<void>> bring_findings(const boost::json::value& site);
  boost::asio::awaitable<Result<void>> bring_histories(const boost::json::value& site);
  boost::asio::awaitable<Result<void>> bring_device_days(const boost::json::value& site);
  boost::asio::awaitable<Result<boost::json::value>> bring_json(std::string path,
                                                                std::string reason);
  boost::asio::awaitable<Result<void>> bring_ledger();
  boost::asio::awaitable<Result<void>> bring_pictures();
  boost::asio::awaitable<Result<void>> bring_picture(std::string sha256, unsigned width);
  Result<void> publish(const boost::json::value& site, const PublicPictures& rule, Instant read_at);

  BoxVisit& box_;
  Folder& folder_;
  const BusinessClock& wall_;
  const RuntimeClock& clock_;
  MirrorOptions options_;

  std::map<std::string, Known> known_;  ///< by name in the folder
  boost::json::value findings_;         ///< the newest list; null: there is none
  std::set<std::string> makeshift_;     ///< stored pictures in the place of smaller ones
  std::map<std::string, RuntimeClock::time_point> kept_back_;  ///< pictures; when to ask again

  // Of the round under way.
  std::set<std::string> wanted_;
  std::vector<std::pair<std::string, std::string>> held_;  ///< names and bytes, written at its end
  PictureList pictures_{0};
  std::size_t pictures_asked_ = 0;

  std::set<std::string> wanted_last_;  ///< of the last good round
};

}  // namespace jieding::mirror
