#pragma once

#include <array>

#include "gateway/domain/observation.hpp"
#include "vision/foot_evidence.hpp"
#include "vision/state_blob.hpp"

namespace jieding::vision {

/// Follows what happens before the first storey stands: bare ground, a pit, a base of concrete in
/// it. A belief over these three stages, which only move forward.
class GroundworksWatch {
 public:
  void see(const FootEvidence& foot);
  /// SiteClearing, Excavation or Foundation.
  Stage stage() const;

  void save(BlobWriter& out) const;
  bool restore(BlobReader& in);

 private:
  /// By stage. A camera may come at any of them, mostly to bare ground.
  std::array<double, 3> belief_{0.7, 0.2, 0.1};
};

}  // namespace jieding::vision
