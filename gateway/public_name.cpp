#include "gateway/public_name.hpp"

#include "sync/hash.hpp"

namespace jieding {

std::string public_name(const config::Config& config, const std::string& person) {
  return "sha256:" + sync::sha256_hex(config.site.id + "/" + person);
}

}  // namespace jieding
