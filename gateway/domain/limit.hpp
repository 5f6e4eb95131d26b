#pragma once
// Limits on what devices measure: when a value has been beyond one for long enough, and when it is
// back. Pure: time is that of the readings.

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "gateway/domain/reading.hpp"

namespace jieding {

enum class AlertLevel { Warning, Alarm };
std::string_view to_text(AlertLevel level);

/// A part of each day by the site's time, since midnight; over midnight where it ends before it
/// begins. The end does not belong to it.
struct DailyHours {
  std::chrono::minutes from{0};
  std::chrono::minutes until{0};

  bool contain(Instant at) const;
};
/// `22:00`
std::string clock_text(std::chrono::minutes since_midnight);

struct Limit {
  enum class Side { Above, Below };

  std::string id;
  std::string zh;  ///< for people
  std::string en;
  AlertLevel level = AlertLevel::Warning;
  std::vector<std::string> devices;  ///< empty: all of the site
  std::string quantity;
  std::string minus;  ///< if named: `quantity` less this one, of the same device at the same time
  /// Not the value but its change within so long is held against the limit; zero: the value.
  std::chrono::milliseconds over{0};
  Statistic statistic;
  std::string unit;  ///< readings in another unit are not held against it
  Side side = Side::Above;
  double threshold = 0;                      ///< beyond it is wrong, on it is not
  double clear = 0;                          ///< up to here it must come back; on it is enough
  std::chrono::milliseconds raise_after{0};  ///< so long it must be beyond, ...
  std::chrono::milliseconds clear_after{0};  ///< ... and so long back
  std::chrono::milliseconds gap{0};          ///< a longer pause between readings proves nothing

  std::optional<DailyHours> hours;  ///< outside them nothing is beyond it; none: always

  bool applies_to(const std::string& device) const;
};

/// `gap` where the file does not name one: a few periods of the statistic.
std::chrono::milliseconds usual_gap(Statistic statistic);

/// Whether a reading tells what is now: sound by the device's own flag, neither from long ago (sent
/// late, sent again) nor from the future. While our own clock is not trusted, more is let pass.
enum class Timely { Now, Flagged, Late, Ahead };
Timely timeliness(const Reading& reading);

/// One limit held against one device's readings.
class LimitWatch {
 public:
  explicit LimitWatch(const Limit& limit, bool raised = false) : limit_(&limit), raised_(raised) {}

  struct Turn {
    bool raised = true;  ///< false: back
    double value = 0;
    Instant since;  ///< device time of the first reading that was beyond, or back
  };
  /// A reading that counts and was not seen before. A turn is told with each reading until the
  /// watch is told that it was taken.
  std::optional<Turn> look(const Reading& reading);
  /// One from before this start, oldest first, for a limit on changes.
  void recall(Instant at, double value);
  void take(const Turn& turn);
  bool raised() const { return raised_; }

 private:
  struct Sample {
    Instant at;
    double value;
  };
  std::optional<double> value_of(const Reading& reading);
  std::optional<double> change_to(Sample now);
  void keep(Sample now);
  bool beyond(double value, Instant at) const;
  bool back(double value, Instant at) const;

  const Limit* limit_;
  bool raised_;
  std::optional<Instant> last_;                 ///< device time of the newest value
  std::optional<Instant> turning_since_;        ///< since when it has not been as it was told last
  std::optional<Sample> minuend_, subtrahend_;  ///< of a difference
  std::vector<Sample> past_;                    ///< of a change, oldest first, not all of them
};

}  // namespace jieding
