#include "vision/worker.hpp"

#include <malloc.h>

#include <cstdio>
#include <map>

#include "vision/calibrate.hpp"
#include "vision/decode.hpp"
#include "vision/estimator.hpp"
#include "vision/mask_photo.hpp"
#include "vision/photo.hpp"
#include "vision/render.hpp"
#include "vision/rendition.hpp"
#include "vision/talk.hpp"
#include "vision/wire.hpp"

namespace jieding::vision {
namespace {

/// The estimators by camera; what a message asks for is done and answered.
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
    cameras_.clear();
    for (std::size_t i = 0; i < setup->cameras.size(); ++i) {
      const CameraSetup& camera = setup->cameras[i];
      if (const std::string fault = fault_of(camera); !fault.empty())
        return Error(Fault::Invalid, fault);
      Estimator& estimator = cameras_.try_emplace(camera.id, camera, find_people_).first->second;
      if (!setup->states[i].empty() && !estimator.restore(setup->states[i]))
        std::fprintf(stderr, "jieding-vision: camera %s starts afresh: its state does not fit\n",
                     camera.id.c_str());
    }
    return wire::ready_message();
  }

  Result<wire::Message> see(Result<wire::FrameCall> call) {
    if (!call) return call.error();
    const auto camera = cameras_.find(call->frame.camera);
    if (camera == cameras_.end())
      return Error(Fault::Invalid, "no camera " + call->frame.camera + " was set up");
    return wire::to_message(wire::Report{call->id, camera->second.see(call->frame)});
  }

  Result<wire::Message> mask(const Result<PhotoCall>& call) const {
    if (!call) return call.error();
    auto masked = mask_photo(call->jpeg, find_people_);
    if (!masked) return wire::to_message(PhotoAnswer{call->id, reason_of(masked.error()), ""});
    return wire::to_message(PhotoAnswer{call->id, "", std::move(*masked)});
  }

  FindPeople find_people_ = opencv_people_finder();
  std::map<std::string, Estimator> cameras_;
};

}  // namespace

int serve(int socket) {
  // Pictures come and go: what is freed goes back to the system instead of lingering.
  mallopt(M_MMAP_THRESHOLD, 256 * 1024);
  mallopt(M_TRIM_THRESHOLD, 1024 * 1024);
  mallopt(M_ARENA_MAX, 1);
  Worker worker;
  while (auto message = receive(socket)) {
    auto answer = *message ? worker.answer(std::move(**message)) : *message;
    if (!answer) {
      std::fprintf(stderr, "jieding-vision: %s\n", answer.error().text().c_str());
      return 1;
    }
    if (!send(socket, *answer)) return 0;
  }
  return 0;
}

}  // namespace jieding::vision
