#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/domain/time.hpp"

namespace jieding {

/// Stage of a building as the replay contract names them. Stored as a number: never renumber.
enum class Stage {
  SiteClearing = 0,  ///< bare ground
  Excavation = 1,    ///< pit being dug
  Foundation = 2,    ///< base slab and basement, until the first storey's slab
  Superstructure = 3,
  ToppedOut = 4,      ///< roof slab and parapet stand; until about a third of the facade is on
  Facade = 5,         ///< until the scaffold is struck
  ExternalWorks = 6,  ///< until cranes, huts and bare soil are gone
  Completed = 7,
};

/// State of one storey's band of the facade. Stored as a number: never renumber.
enum class StoreyState { Background = 0, Working = 1, Frame = 2, Infilled = 3, Facade = 4 };

std::string_view to_text(Stage stage);
std::string_view to_text(StoreyState state);
/// One digit per storey from the ground up: `33210`.
std::string to_digits(const std::vector<StoreyState>& bands);
std::optional<Stage> stage_from_text(std::string_view text);
std::optional<StoreyState> storey_state_from_text(std::string_view text);

/// A number behind a verdict, e.g. `sharpness` 1.8 or `shift_x_px` -12.
struct Measure {
  std::string name;
  double value = 0;
  bool operator==(const Measure&) const = default;
};

/// What vision holds of one building after one frame.
struct BuildingEstimate {
  std::string building;
  double storeys = 0;  ///< storeys whose slab is cast
  int storeys_low = 0;
  int storeys_high = 0;
  Stage stage = Stage::SiteClearing;
  double confidence = 0;           ///< 0..1
  std::vector<StoreyState> bands;  ///< from the ground up, one entry per planned storey
  bool corrected = false;          ///< the estimate went back, with the reason in `correction`
  std::string correction;
  std::vector<Measure> grounds = {};  ///< what it rests on, as vision/grounds.hpp names it
  bool operator==(const BuildingEstimate&) const = default;
};

/// More grounds than this are no vision's.
inline constexpr std::size_t most_grounds = 16;

/// A milestone that vision puts forward (owner `box`); people and others decide what comes of it.
struct Proposal {
  std::string building;
  std::string milestone;  ///< id of milestone.hpp, e.g. `topping_out`, `storey_cast`
  int storey = 0;         ///< for storey_cast only
  Instant at;             ///< the day it names
  Instant decided_at;     ///< the frame that decided it
  bool operator==(const Proposal&) const = default;
};

/// A picture made for people, privacy masks burnt in.
struct MaskedPicture {
  std::string kind;      ///< `masked` (the picture) or `overlay` (storey ruler and states drawn)
  std::string building;  ///< overlays only
  std::string jpeg;
  bool operator==(const MaskedPicture&) const = default;
};

/// All that comes back from vision for one frame.
struct FrameReport {
  bool usable = false;
  std::vector<std::string> reasons;  ///< why refused: torn dark blown_out fog defocus blocked ...
  std::vector<std::string> faults;   ///< of the camera, though the frame counts: camera_moved ...
  std::vector<Measure> measures;     ///< the numbers behind reasons and faults
  std::vector<BuildingEstimate>
      buildings;  ///< always all buildings of the camera; carried on when refused
  std::vector<Proposal> proposals;
  std::vector<MaskedPicture> pictures;  ///< none when the frame could not be decoded
  std::string state;  ///< the estimator's own state after this frame, opaque; given back at start
  bool operator==(const FrameReport&) const = default;
};

/// A count of storeys that people confirmed, as it stood about the time of a frame.
struct ConfirmedCount {
  std::string building;
  int storeys = 0;
  std::uint64_t ledger_index = 0;  ///< of the confirmation: each is taken to heart once
  bool operator==(const ConfirmedCount&) const = default;
};

/// One encoded picture on its way to vision. Unmasked: never written to disk.
struct Frame {
  std::string camera;
  std::string name;  ///< as the source names it, for people and for resuming
  Instant taken;
  std::string bytes;
  std::vector<ConfirmedCount> counts = {};  ///< in the order of the ledger
  bool operator==(const Frame&) const = default;
};

}  // namespace jieding
