// What comes over the socket pair from a vision process that a hostile picture took over.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "tests/support/wire_bytes.hpp"
#include "vision/photo.hpp"
#include "vision/rendition.hpp"
#include "vision/wire.hpp"

namespace {

namespace wire = jieding::vision::wire;

void understand(const wire::Message& message) {
  (void)wire::kind(message);
  (void)wire::to_setup(message).has_value();
  (void)wire::to_frame(message).has_value();
  (void)wire::to_report(message).has_value();
  (void)wire::to_photo_call(message).has_value();
  (void)wire::to_photo_answer(message).has_value();
  (void)wire::to_rendition_call(message).has_value();
  (void)wire::to_rendition_answer(message).has_value();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto read = jieding::test::from_bytes(text);
  if (read && *read) {
    if (wire::encode((*read)->message) != text.substr(0, (*read)->used)) std::abort();
    understand((*read)->message);
  }
  // The header alone as well: a fuzzer rarely guesses sizes that fit.
  understand({std::string(text), {"blob"}});
  understand({std::string(text), {"blob", ""}});
  understand({std::string(text), {"blob", "", "another"}});
  return 0;
}
