#pragma once
// The sheet for the site's notice board: where the page is, and by which fingerprint anybody
// can check the record.

#include <string>
#include <vector>

#include "firmware-tools/provision/box.hpp"

namespace jieding::tools::provision {

struct Sheet {
  std::string site;                    ///< its name for people
  std::vector<std::string> addresses;  ///< of the page, the first is the one to scan
  std::string viewer_link;
  std::string fingerprint;  ///< of the ledger's key
  std::string key;          ///< the same whole (vkey)
  std::string authority;    ///< fingerprint of the box's own authority; empty: another one signed
};

/// One printed page (A4), in Chinese and English.
Result<std::string> to_html(const Sheet& sheet);
/// For a terminal.
Result<std::string> to_text(const Sheet& sheet);

/// With a new viewer link, into the box; its text.
Result<std::string> write_sheet(const Box& box, const config::Config& config);

}  // namespace jieding::tools::provision
