#pragma once
// Uploads in several packets (Flag bit 1, PNUM and PNO). Every part has its own QN and is a frame
// of its own that is answered on its own (2017 §6.3.3), so that a station that waits for one answer
// before it sends the next part gets on: each part is stored as it comes and answered once it is
// committed. Parts that belong together (device, CN, DataTime, PNUM) are followed here, to say what
// never became whole, and to answer stations that take one answer for the whole only when it is
// whole. Nothing of their values is kept: that is in the store already.

#include <chrono>
#include <cstddef>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/domain/time.hpp"

namespace jieding::drivers::hj212 {

/// One part, as its head names it.
struct Part {
  std::string device;
  std::string cn;
  Instant at;   ///< DataTime
  int packets;  ///< PNUM
  int packet;   ///< PNO
};

/// Packets that were given up with parts missing.
struct Incomplete {
  std::string device;
  std::string detail;  ///< one line for people
};

/// Thread-bound to io. Bounded in time, in number of open sets by device, and in bytes.
class Joiner {
 public:
  using Time = std::chrono::steady_clock::time_point;
  struct Limits {
    std::chrono::milliseconds patience{600'000};  ///< from the last part to giving up
    std::size_t sets_by_device = 16;
    std::size_t bytes = std::size_t{4} * 1024 * 1024;
  };
  explicit Joiner(Limits limits) : limits_(limits) {}

  /// A part was read; its commit is still to come.
  void begin(const Part& part, Time now);
  /// A part is committed. `unanswered`: what the station is to be sent for it (empty: nothing).
  /// Gives the answers that are due now: with `whole` none before the last part is committed, and
  /// then those of all parts, no answer twice.
  std::vector<std::string> commit(const Part& part, std::string unanswered, bool whole, Time now);
  /// DataTime of the newest open set, for a part that has none.
  std::optional<Instant> time_of(std::string_view device, std::string_view cn, int packets) const;

  /// What nothing was heard of for too long, or had to make room. Sets that are whole go silently.
  std::vector<Incomplete> give_up(Time now);
  /// All that is not whole: we are stopping.
  std::vector<Incomplete> give_up_all();

  std::size_t open() const;
  std::size_t bytes() const { return bytes_; }

 private:
  struct Set {
    Part part;  ///< `packet` means nothing here
    std::vector<bool> committed;
    int missing = 0;
    std::vector<std::string> unanswered;
    Time last;
    std::size_t bytes = 0;
  };
  using Sets = std::list<Set>;  ///< of one device, longest unheard of first

  Set& touch(const Part& part, Time now);
  void weigh(Set& set);
  void make_room(const Set& keep);
  void drop(Sets& sets, Sets::iterator set);
  static Sets::iterator first_to_go(Sets& sets, const Set& keep);

  Limits limits_;
  std::map<std::string, Sets, std::less<>> sets_;  ///< by device
  std::size_t bytes_ = 0;
  std::vector<Incomplete> dropped_;  ///< for the next `give_up`
};

}  // namespace jieding::drivers::hj212
