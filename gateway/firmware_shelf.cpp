#include "gateway/firmware_shelf.hpp"

#include <unistd.h>

#include <algorithm>

#include "gateway/domain/refusal.hpp"
#include "sync/file_system.hpp"
#include "sync/hash.hpp"

namespace jieding {
namespace {

namespace fs = std::filesystem;

/// What contradicts a node's demands is wrong by itself where no rollout is asked for.
Error at_the_door(const Error& error) {
  return error.kind() == Fault::Conflict ? Error{Fault::Invalid, error.text(), error.code()}
                                         : error;
}

}  // namespace

Result<Firmware> FirmwareShelf::put(std::string_view bytes) const {
  if (bytes.empty() || bytes.size() > longest_firmware)
    return Error{Fault::Invalid, "an image has 1 byte to 16 MiB", refusal::image_damaged};
  sync::FileSystem& files = sync::real_files();
  const std::string sha256 = sync::sha256_hex(bytes);
  const auto made = files.create_directory(folder_);
  if (!made) return made.error();
  const fs::path unverified = folder_ / (sha256 + "." + std::to_string(::getpid()) + ".new");
  auto done = files.write_synced(unverified, bytes);
  Result<Firmware> firmware = done ? verified(unverified) : Result<Firmware>(done.error());
  if (firmware) done = files.rename(unverified, file_of(sha256));
  if (firmware && done) done = files.sync_directory(folder_);
  if (firmware && done && *made) done = files.sync_directory(folder_.parent_path());
  std::error_code ignored;
  fs::remove(unverified, ignored);
  if (!firmware) return firmware;
  if (!done) return done.error();
  firmware->sha256 = sha256;
  return firmware;
}

Result<Firmware> FirmwareShelf::verified(const fs::path& file) const {
  const auto firmware = programs_.inspect(file);
  if (!firmware) return at_the_door(firmware.error());
  Result<void> taken = Error{Fault::Conflict, "no node is configured that could take an image"};
  for (const config::Node& node : nodes_) {
    taken = programs_.verify(file, node, node.min_counter);
    if (taken) return firmware;
  }
  return at_the_door(taken.error());
}

void FirmwareShelf::remove(const std::string& sha256) const {
  std::error_code ignored;
  fs::remove(file_of(sha256), ignored);
}

void FirmwareShelf::keep_only(const std::vector<std::string>& sha256s) const {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder_, ignored)) {
    const bool known = std::any_of(sha256s.begin(), sha256s.end(), [&](const std::string& sha256) {
      return entry.path() == file_of(sha256);
    });
    if (!known) fs::remove(entry.path(), ignored);
  }
}

}  // namespace jieding
