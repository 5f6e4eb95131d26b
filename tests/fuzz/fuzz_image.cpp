// Whatever an image is, parsing and describing it touches nothing outside of it, and what was
// parsed covers all of its bytes.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "firmware-tools/image/describe.hpp"
#include "firmware-tools/image/manifest.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace jieding::tools::image;
  const std::string_view input(reinterpret_cast<const char*>(bytes), size);
  const auto image = parse(input);
  if (!image) return 0;
  if (image->size > size || image->covered.size() > image->size) std::abort();
  if ((image->size == size) == image->trailer.has_value()) std::abort();
  const auto manifest = read_manifest(*image);
  if (!manifest) return 0;
  if (to_text(*image, *manifest).empty() || to_json(*image, *manifest).empty()) std::abort();
  return 0;
}
