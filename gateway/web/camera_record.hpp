#pragma once
// What the page may ask of the gateway about where cameras look. Implemented over the store and
// vision by the gateway.

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>
#include <string>

#include "gateway/domain/public_pictures.hpp"
#include "gateway/domain/result.hpp"
#include "gateway/web/record.hpp"

namespace jieding::web {

/// Thread-bound to io. NotFound: no such camera.
class CameraRecord {
 public:
  virtual ~CameraRecord() = default;

  /// Each camera with its corners, masks, whose they are, and its latest masked picture.
  virtual boost::asio::awaitable<Result<boost::json::value>> cameras() = 0;
  /// A person sets corners and masks; vision takes them over. Resumes after the commit.
  virtual boost::asio::awaitable<Result<boost::json::value>> set_up(Person person,
                                                                    std::string camera,
                                                                    boost::json::object setup) = 0;
  /// What the file says holds again. Resumes after the commit.
  virtual boost::asio::awaitable<Result<boost::json::value>> take_back(Person person,
                                                                       std::string camera) = 0;
  /// How soon those who only look may see pictures. Resumes after the commit.
  virtual boost::asio::awaitable<Result<boost::json::value>> publish(Person person,
                                                                     PublicPictures rule) = 0;
  /// How sure the ruler is that four corners over so many storeys give on the latest picture.
  virtual boost::asio::awaitable<Result<boost::json::value>> ruler(std::string camera,
                                                                   boost::json::object marked) = 0;
};

}  // namespace jieding::web
