#pragma once
// A box's folder: where its things lie.

#include <filesystem>
#include <memory>

#include "config/config.hpp"
#include "sync/file_system.hpp"
#include "sync/state_folder.hpp"

namespace jieding::tools::provision {

class Box {
 public:
  explicit Box(std::filesystem::path folder) : folder_(std::move(folder)) {}

  const std::filesystem::path& folder() const { return folder_; }
  std::filesystem::path configuration() const { return folder_ / "jieding.toml"; }
  std::filesystem::path state() const;
  std::filesystem::path secrets() const { return state() / "secrets"; }
  std::filesystem::path certificate() const;
  std::filesystem::path key() const;
  std::filesystem::path request() const { return folder_ / "tls/box.csr"; }
  std::filesystem::path authority() const { return folder_ / "tls/authority.pem"; }
  std::filesystem::path authority_key() const { return folder_ / "tls/authority.key"; }
  std::filesystem::path sheet_page() const { return folder_ / "sheet.html"; }
  std::filesystem::path sheet_text() const { return folder_ / "sheet.txt"; }
  std::filesystem::path sign_in_links() const { return folder_ / "sign-in.txt"; }

  /// What its configuration says. NotFound: no box there.
  Result<config::Config> load() const;

 private:
  std::filesystem::path folder_;
};

/// Replaces a file of the box whole, and keeps its owner.
Result<void> replace(const std::filesystem::path& file, std::string_view bytes);

/// A configuration as the gateway will read it, with every complaint in the error.
Result<config::Config> read_configuration(std::string_view text, const std::filesystem::path& file);

}  // namespace jieding::tools::provision
