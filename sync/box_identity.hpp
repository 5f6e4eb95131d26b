#pragma once
// Which machine speaks, and which of its lives: what tells a cloned disk from the box it was
// copied from, since both have the same key and configuration.

#include <optional>
#include <string>

namespace jieding::sync {

struct BoxIdentity {
  std::string box;  ///< host name and hardware address, for people
  std::string run;  ///< 16 random hex digits of this process
  friend bool operator==(const BoxIdentity&, const BoxIdentity&) = default;
};

/// Of this machine and process; another run at each call.
BoxIdentity this_box();

/// Hears what is said under our own name. Our own past speaks too: a broker keeps and queues its
/// words. But not after our own: so whoever is heard after we heard ourselves, lives.
class TwinWatch {
 public:
  explicit TwinWatch(BoxIdentity own) : own_(std::move(own)) {}
  /// The other one, if this cannot have been ourselves.
  std::optional<BoxIdentity> hear(const BoxIdentity& speaker);
  const BoxIdentity& own() const { return own_; }

 private:
  BoxIdentity own_;
  bool heard_ourselves_ = false;
};

}  // namespace jieding::sync
