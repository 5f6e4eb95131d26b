#pragma once
// What an installer writes down for a new box: the gateway's configuration without what the box
// itself decides (where its state is, where its page listens, its certificate), and a section
// [box] for that.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"

namespace jieding::config {

enum class Authority {
  Site,     ///< one that is made with the box and signs for its names only
  Request,  ///< another one, by a request that is made with the box
};

struct Answers {
  std::vector<std::string> names;  ///< host names and addresses under which people reach the page
  std::string listen = "0.0.0.0:8443";
  Authority authority = Authority::Site;
  std::string configuration;  ///< text of the box's own file
};

/// Paths of the finished box, as its file names them: relative to that file.
inline constexpr std::string_view box_state = "state";
inline constexpr std::string_view box_certificate = "tls/box.pem";
inline constexpr std::string_view box_key = "tls/box.key";

/// Reads [box] and fills in the rest; the configuration itself is looked at by load_text().
Result<Answers> read_answers(std::string_view text, const std::filesystem::path& file,
                             Complaints& complaints);

}  // namespace jieding::config
