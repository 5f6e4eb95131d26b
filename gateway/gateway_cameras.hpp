#pragma once

#include <functional>

#include "config/config.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/web/camera_record.hpp"
#include "sync/store.hpp"
#include "vision/link.hpp"

namespace jieding {

/// The cameras of the file as they were set up on the page. What cannot be held to the file any
/// more (another picture size, a building that is gone) is left out and told to the log.
config::Config with_setups(config::Config config,
                           const std::vector<sync::StoredCameraSetup>& setups);

/// Where cameras look, between the page, vision and the store. Thread-bound to io.
class GatewayCameras final : public web::CameraRecord {
 public:
  /// `config` is changed when a camera is. `vision` is null without cameras.
  struct Parts {
    config::Config& config;
    std::vector<config::Camera> of_file;
    const BusinessClock& clock;
    sync::Store& store;
    vision::Link* vision;
    std::function<void()> committed;
  };
  explicit GatewayCameras(Parts parts)
      : parts_(std::move(parts)), public_pictures_(parts_.store.public_pictures()) {}

  /// How soon viewers see pictures.
  const PublicPictures& public_pictures() const { return public_pictures_; }

  boost::asio::awaitable<Result<boost::json::value>> cameras() override;
  boost::asio::awaitable<Result<boost::json::value>> set_up(web::Person person, std::string camera,
                                                            boost::json::object setup) override;
  boost::asio::awaitable<Result<boost::json::value>> take_back(web::Person person,
                                                               std::string camera) override;
  boost::asio::awaitable<Result<boost::json::value>> publish(web::Person person,
                                                             PublicPictures rule) override;
  boost::asio::awaitable<Result<boost::json::value>> ruler(std::string camera,
                                                           boost::json::object marked) override;

 private:
  boost::asio::awaitable<Result<boost::json::value>> change(sync::CameraChange change,
                                                            config::Camera camera);
  sync::CameraChange change_of(const web::Person& person, const config::Camera& camera) const;
  Result<vision::CalibrationCall> call_of(const config::Camera& camera,
                                          const boost::json::object& marked) const;
  const config::Camera* of_file(const std::string& id) const;

  Parts parts_;
  PublicPictures public_pictures_;
};

}  // namespace jieding
