#include "vision/worker.hpp"

#include <malloc.h>

#include <cstdio>
#include <map>
#include <memory>
#include <utility>

#include "vision/calibrate.hpp"
#include "vision/decode.hpp"
#include "vision/estimator.hpp"
#include "vision/mask_photo.hpp"
#include "vision/photo.hpp"
#include "vision/render.hpp"
#include "vision/rendition.hpp"
#include "vision/wire.hpp"

namespace jieding::vision {
namespace {

/// The estimators by camera; what a message asks for is done and answered. Only a message that
/// cannot be understood is an error.
class Worker {
 public:
  Result<wire::Message> answer(wire::Message message) {
    const std::string kind = wire::kind(message);
    if (kind == "setup") return set_up(wire::to_setup(std::move(message)));
    if (kind == "frame") return see(wire::to_frame(std::move(message)));
    if (kind == "photo") return mask(wire::to_photo_call(std::move(message)));
    if (kind == "calibrate") return propose(wire::to_calibration_call(std::move(message)));
    if (kind == "rendition") return rendered(wire::to_rendition_call(std::move(message)));
    return Error(Fault::Invalid, "vision message of an unknown kind");
  }

 private:
  static Result<wire::Message> propose(const Result<CalibrationCall>& call) {
    if (!call) return call.error();
    return wire::to_message(calibrate(*call));
  }

  static Result<wire::Message> rendered(const Result<RenditionCall>& call) {
    if (!call) return call.error();
    auto picture = render(call->jpeg, call->width_px);
    if (!picture)
      return wire::to_message(RenditionAnswer{call->id, reason_of(picture.error()), ""});
    return wire::to_message(RenditionAnswer{call->id, "", std::move(*picture)});
  }

  Result<wire::Message> set_up(Result<wire::Setup> setup) {
    if (!setup) return setup.error();
    const CameraSetup& camera = setup->camera;
    if (std::string fault = fault_of(camera); !fault.empty()) {
      say(camera.id, "is not looked after: " + fault);
      faults_[camera.id] = std::move(fault);
      return wire::ready_message();  // the others are
    }
    Estimator& estimator = cameras_.try_emplace(camera.id, camera, find_people_).first->second;
    if (!setup->state.empty() && !estimator.restore(setup->state))
      say(camera.id, "starts afresh: its state does not fit");
    return wire::ready_message();
  }

  Result<wire::Message> see(Result<wire::FrameCall> call) {
    if (!call) return call.error();
    const auto camera = cameras_.find(call->frame.camera);
    if (camera == cameras_.end())
      return wire::to_message(wire::Report{call->id, why_not(call->frame.camera), {}});
    return wire::to_message(wire::Report{call->id, "", camera->second.see(call->frame)});
  }

  /// Of a camera without an estimator.
  std::string why_not(const std::string& camera) const {
    const auto fault = faults_.find(camera);
    return fault != faults_.end() ? fault->second : "it was not set up";
  }

  Result<wire::Message> mask(const Result<PhotoCall>& call) const {
    if (!call) return call.error();
    auto masked = mask_photo(call->jpeg, find_people_);
    if (!masked) return wire::to_message(PhotoAnswer{call->id, reason_of(masked.error()), ""});
    return wire::to_message(PhotoAnswer{call->id, "", std::move(*masked)});
  }

  static void say(const std::string& camera, const std::string& what) {
    std::fprintf(stderr, "jieding-vision: camera %s %s\n", camera.c_str(), what.c_str());
  }

  FindPeople find_people_ = opencv_people_finder();
  std::map<std::string, Estimator> cameras_;
  std::map<std::string, std::string> faults_;  ///< of the cameras that cannot be looked after
};

}  // namespace

Answer worker() {
  // Pictures come and go: what is freed goes back to the system instead of lingering.
  mallopt(M_MMAP_THRESHOLD, 256 * 1024);
  mallopt(M_TRIM_THRESHOLD, 1024 * 1024);
  mallopt(M_ARENA_MAX, 1);
  return [worker = std::make_shared<Worker>()](wire::Message message) {
    return worker->answer(std::move(message));
  };
}

}  // namespace jieding::vision
