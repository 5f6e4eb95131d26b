#pragma once
// What `jieding-provision` can be asked to do. A box is one folder: configuration, certificate,
// state with its secrets, and the sheet for the notice board.

#include <filesystem>
#include <string>

#include "firmware-tools/provision/exchange.hpp"
#include "gateway/domain/result.hpp"
#include "sync/file_system.hpp"

namespace jieding::tools::provision {

struct Create {
  std::filesystem::path answers;  ///< TOML; the files it names lie beside it
  std::filesystem::path box;
  std::string owner;   ///< USER or USER:GROUP; empty: whoever calls
  bool force = false;  ///< a box that is there is put aside
  bool dry_run = false;
};
/// The whole box is prepared beside its place and renamed, or exchanged for the one that is there:
/// killed anywhere, there is no box or a whole one, and never none where one was.
Result<void> create(const Create& what, sync::FileSystem& files = sync::real_files(),
                    const Exchange& exchange = provision::exchange);

struct Renew {
  std::filesystem::path box;
  std::filesystem::path certificate;  ///< from the authority; empty: the box's own signs
  bool dry_run = false;
};
Result<void> renew(const Renew& what);

struct Rotate {
  std::filesystem::path box;
  std::string what;  ///< `tls`, `ledger`, or the id of a device or camera
  bool dry_run = false;
};
Result<void> rotate(const Rotate& what);

struct Revoke {
  std::filesystem::path box;
  std::string device;  ///< or camera
  std::string user;
  bool viewers = false;  ///< all viewer links
  bool dry_run = false;
};
Result<void> revoke(const Revoke& what);

/// Writes the sheet again, with a new viewer link.
Result<void> print_sheet(const std::filesystem::path& box);

struct FactoryReset {
  std::filesystem::path box;
  std::filesystem::path ledger;  ///< where the record is kept: an exported ledger
  bool yes = false;
};
Result<void> factory_reset(const FactoryReset& what);

}  // namespace jieding::tools::provision
