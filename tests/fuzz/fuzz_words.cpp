// Whatever people and the platform ask in JSON: refused in one line, or within the bounds that the
// rooms behind the door rely on.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "gateway/domain/sha256_name.hpp"
#include "gateway/web/api_input.hpp"
#include "gateway/web/rollout_input.hpp"
#include "sync/messages.hpp"

namespace {

using namespace jieding;

void hold(bool law) {
  if (!law) std::abort();
}

template <class T>
bool taken(const Result<T>& result) {
  if (!result) hold(!result.error().text().empty() && result.error().text().size() < 400);
  return result.has_value();
}

void read_wish(const std::string& body) {
  const auto wish = web::read_rollout(body);
  if (!taken(wish)) return;
  hold(is_sha256(wish->image) && !wish->nodes.empty() && wish->nodes.size() <= 64);
  for (const std::string& node : wish->nodes)
    hold(web::is_id(node));
}

void read_request(const std::string& body) {
  const auto request = sync::parse_request(body);
  if (!taken(request)) return;
  hold(request->nodes.size() <= 64 && request->camera.size() <= 128);
  hold(request->kind != sync::RequestKind::RollOut || is_sha256(request->image));
}

void read_counts(const std::string& body) {
  const auto input = web::read_households(body);
  if (taken(input)) hold(web::is_id(input->households.subject));
}

/// The first byte chooses who reads the rest.
void read(unsigned reader, const std::string& body) {
  switch (reader % 12) {
    case 0:
      return read_wish(body);
    case 1:
      return read_request(body);
    case 2:
      return read_counts(body);
    case 3:
      if (const auto receipt = sync::parse_receipt(body); taken(receipt))
        hold(is_sha256(receipt->root));
      return;
    case 4:
      if (const auto said = web::read_act(body); taken(said))
        hold(web::is_id(said->milestone.building));
      return;
    case 5:
      taken(web::read_finding(body));
      return;
    case 6:
      taken(web::read_finding_step(body));
      return;
    case 7:
      taken(web::read_setup(body));
      return;
    case 8:
      taken(web::read_marked(body));
      return;
    case 9:
      taken(web::read_public_pictures(body));
      return;
    case 10:
      taken(web::read_sign_in(body));
      return;
    default:
      taken(web::read_user(body));
      taken(web::read_user_change(body));
      taken(web::read_password(body));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size > 0) read(bytes[0], {reinterpret_cast<const char*>(bytes) + 1, size - 1});
  return 0;
}
