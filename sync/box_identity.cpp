#include "sync/box_identity.hpp"

#include <openssl/rand.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <set>

#include "sync/hash.hpp"

namespace jieding::sync {
namespace {

namespace fs = std::filesystem;

/// Of the first network card by name that is hardware; empty: there is none.
std::string hardware_address() {
  std::error_code failed;
  std::set<fs::path> cards;
  for (const auto& card : fs::directory_iterator("/sys/class/net", failed))
    if (fs::exists(card.path() / "device", failed)) cards.insert(card.path());
  for (const fs::path& card : cards) {
    std::string address;
    if (std::getline(std::ifstream(card / "address"), address) && !address.empty()) return address;
  }
  return {};
}

}  // namespace

BoxIdentity this_box() {
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host[0] = '?';
  std::string box = host.data();
  if (const std::string address = hardware_address(); !address.empty()) box += " " + address;
  std::array<unsigned char, 8> run{};
  RAND_bytes(run.data(), static_cast<int>(run.size()));
  return {box, to_hex(std::string_view(reinterpret_cast<const char*>(run.data()), run.size()))};
}

std::optional<BoxIdentity> TwinWatch::hear(const BoxIdentity& speaker) {
  if (speaker.run.empty()) return std::nullopt;  // of a version that did not say
  if (speaker.run == own_.run) {
    heard_ourselves_ = true;
    return std::nullopt;
  }
  return heard_ourselves_ ? std::optional(speaker) : std::nullopt;
}

}  // namespace jieding::sync
