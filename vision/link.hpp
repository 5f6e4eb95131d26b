#pragma once

#include <sys/types.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gateway/domain/observation.hpp"
#include "gateway/domain/result.hpp"
#include "vision/calibration.hpp"
#include "vision/camera_setup.hpp"
#include "vision/wire.hpp"

namespace jieding::vision {

struct LinkOptions {
  std::filesystem::path program;  ///< jieding-vision
  std::vector<CameraSetup> cameras;
  /// The state last kept for a camera, empty for none; left out, the last one seen is used.
  std::function<std::string(const std::string& camera)> state_of;
  std::chrono::milliseconds frame_limit{30'000};  ///< then the process is killed
  std::chrono::milliseconds start_limit{30'000};
  std::chrono::milliseconds first_pause{200};  ///< before a restart; doubles
  std::chrono::milliseconds longest_pause{30'000};
  std::size_t most_waiting = 16;
};

/// The gateway's side of vision: starts jieding-vision, hands it one picture at a time, restarts it
/// when it dies. Lives on io. A picture that kills the process twice is quarantined by its SHA-256.
/// Queue full: the newest frame is refused (Fault::Unavailable), the source keeps it.
class Link : public std::enable_shared_from_this<Link> {
 public:
  static std::shared_ptr<Link> create(boost::asio::any_io_executor io, LinkOptions options);
  ~Link();

  /// Starts the process ahead of the first frame and from then on looks after it. Without cameras
  /// it is started by the first photo.
  boost::asio::awaitable<void> run();
  /// Unavailable also for a camera whose setup has a fault (camera_setup.hpp), which it names.
  boost::asio::awaitable<Result<FrameReport>> see(Frame frame);
  /// A person's photo, masked. Invalid: it is no picture, the error says why. It waits in the same
  /// queue as frames.
  boost::asio::awaitable<Result<std::string>> mask(std::string photo);
  /// Where a whole facade's corners lie and how sure that is, of a picture that is at hand. Waits
  /// in the same queue.
  boost::asio::awaitable<Result<Calibration>> calibrate(CalibrationCall call);
  /// A picture that is masked already, no wider than so many pixels. Invalid: it is no picture.
  /// Waits in the same queue.
  boost::asio::awaitable<Result<std::string>> render(std::string jpeg, int width_px);
  /// From the next picture on these are the cameras; the one in hand is still answered.
  void set_up_anew(std::vector<CameraSetup> cameras);
  /// What vision saw last was not kept: it starts anew from the states that were. A picture in hand
  /// is Unavailable, which is no strike against it.
  void restart();
  /// Ends the process; frames in hand and waiting are answered with Fault::Unavailable.
  void stop();

  pid_t pid() const { return pid_; }
  bool alive() const { return pid_ > 0 && ready_; }
  int restarts() const { return starts_ > 0 ? starts_ - 1 : 0; }

 private:
  Link(boost::asio::any_io_executor io, LinkOptions options);

  template <class T>
  boost::asio::awaitable<Result<T>> in_turn(boost::asio::awaitable<Result<T>> work);
  boost::asio::awaitable<Result<FrameReport>> see_in_turn(Frame frame);
  boost::asio::awaitable<Result<std::string>> mask_in_turn(std::string photo);
  boost::asio::awaitable<Result<Calibration>> calibrate_in_turn(CalibrationCall call);
  boost::asio::awaitable<Result<std::string>> render_in_turn(std::string jpeg, int width_px);
  template <class Answer>
  boost::asio::awaitable<Result<Answer>> answer_about(const std::string& picture_hash,
                                                      wire::Message question,
                                                      Result<Answer> (*read)(wire::Message),
                                                      std::uint64_t id);
  boost::asio::awaitable<Result<wire::Message>> ask_about(const std::string& picture_hash,
                                                          wire::Message question);
  boost::asio::awaitable<Result<void>> ensure_running();
  wire::Message setup_message(const CameraSetup& camera);
  boost::asio::awaitable<Result<void>> set_up();
  boost::asio::awaitable<Result<wire::Message>> ask(wire::Message message,
                                                    std::chrono::milliseconds limit);
  boost::asio::awaitable<Result<wire::Message>> receive();
  boost::asio::awaitable<bool> wait_for_turn();
  std::shared_ptr<void> turn_taken();
  void pass_turn();
  void lose_child();
  Result<void> refuse_killer(const std::string& hash) const;
  Error strike(const std::string& hash, const Error& why);
  void answered_well(const std::string& hash);

  LinkOptions options_;
  boost::asio::any_io_executor io_;
  boost::asio::local::stream_protocol::socket socket_;
  boost::asio::steady_timer watchdog_, pause_, rounds_;
  pid_t pid_ = -1;
  bool ready_ = false, busy_ = false, stopped_ = false, late_ = false;
  bool outdated_ = false;   ///< the process knows other cameras
  bool restarted_ = false;  ///< by us: the picture in hand did no harm
  int starts_ = 0;
  std::chrono::milliseconds next_pause_;
  std::chrono::steady_clock::time_point earliest_start_{};
  std::uint64_t next_id_ = 1;
  std::deque<std::shared_ptr<boost::asio::steady_timer>> waiting_;
  std::map<std::string, std::string> states_;  ///< last seen, per camera
  /// The process died of these since they were last answered well: SHA-256 and how often, latest
  /// last.
  std::deque<std::pair<std::string, int>> strikes_;
};

}  // namespace jieding::vision
