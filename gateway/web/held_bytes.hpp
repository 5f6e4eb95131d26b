#pragma once

#include <cstddef>
#include <functional>
#include <list>

namespace jieding::web {

/// How much memory stands in bodies that come in and answers that go out, of all connections
/// together. Beyond the bound, whoever has not moved for longest is let go, so that those who never
/// read, or never end, cannot take the room of others. Thread-bound to io.
class HeldBytes {
 public:
  explicit HeldBytes(std::size_t most) : most_(most) {}
  HeldBytes(const HeldBytes&) = delete;
  HeldBytes& operator=(const HeldBytes&) = delete;

  /// One body or answer; outlived by the HeldBytes.
  class Share {
   public:
    /// `let_go` closes the connection; called at most once.
    Share(HeldBytes& all, std::size_t bytes, std::function<void()> let_go);
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;
    ~Share();

    /// Its client took or sent a part, and so many bytes more are held for it.
    void moved(std::size_t more = 0);

   private:
    struct Entry;
    friend class HeldBytes;
    HeldBytes& all_;
    std::list<Entry>::iterator place_;
  };

  std::size_t total() const { return total_; }

 private:
  void make_room();

  std::size_t most_;
  std::size_t total_ = 0;
  std::list<Share::Entry> by_movement_;  ///< whoever has not moved for longest comes first
  std::list<Share::Entry> let_go_;       ///< closed, but not yet ended
};

struct HeldBytes::Share::Entry {
  std::size_t bytes = 0;
  std::function<void()> let_go;  ///< empty: it was
};

}  // namespace jieding::web
