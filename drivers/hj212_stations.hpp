#pragma once
// The configured stations, and which of them speaks: by MN, and by address where several have one
// MN.

#include <boost/asio/ip/address.hpp>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "drivers/address.hpp"
#include "drivers/hj212_codec.hpp"
#include "drivers/hj212_frame.hpp"
#include "drivers/hj212_reply.hpp"
#include "drivers/hj212_seal.hpp"

namespace jieding::drivers::hj212 {

/// What is wrong with a station's key, for the configuration reader; see config::Key::wrong.
std::string wrong_tolerate(const config::Settings& station, const config::Config& before);
std::string wrong_reply(const config::Settings& station, const config::Config& before);
std::string wrong_answer_parts(const config::Settings& station, const config::Config& before);
std::string wrong_sm4_wire(const config::Settings& station, const config::Config& before);

struct Station {
  std::string device;
  std::string pw;     ///< empty: any password
  AddressList allow;  ///< empty: from anywhere
  Dialect dialect;
  ReplyStyle reply = ReplyStyle::Standard;
  bool answer_whole = false;  ///< packets are answered when all of them are committed
  Seal seal;

  bool may_come_from(const boost::asio::ip::address& peer) const {
    return allow.empty() || allow.contains(peer);
  }
};

class Stations {
 public:
  /// Throws std::runtime_error that names the device and the key which is wrong.
  explicit Stations(const config::Config& config);

  /// All with this MN; none: it is not known.
  const std::vector<Station>& with(std::string_view mn) const;
  /// The one with this MN that may come from there; null: none.
  const Station* find(std::string_view mn, const boost::asio::ip::address& peer) const;
  bool anyone_may_come_from(const boost::asio::ip::address& peer) const;
  bool any_sealed() const;

 private:
  void add(const config::Device& device);
  std::map<std::string, std::vector<Station>, std::less<>> by_mn_;
};

/// The keys of the stations that may come from one address.
class KeyRing final : public Sealing {
 public:
  KeyRing(const Stations& stations, boost::asio::ip::address peer)
      : stations_(stations), peer_(std::move(peer)) {}
  std::size_t wire_length(std::string_view begun, std::size_t declared) const override;
  std::optional<std::string> open(std::string_view segment, std::uint16_t told) const override;

 private:
  const Seal* seal_for(std::string_view segment) const;
  const Stations& stations_;
  boost::asio::ip::address peer_;
};

}  // namespace jieding::drivers::hj212
