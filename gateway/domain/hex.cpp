#include "gateway/domain/hex.hpp"

#include <boost/algorithm/hex.hpp>
#include <iterator>

namespace jieding {

std::string to_hex(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  boost::algorithm::hex_lower(bytes.begin(), bytes.end(), std::back_inserter(text));
  return text;
}

}  // namespace jieding
