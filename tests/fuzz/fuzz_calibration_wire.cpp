// What `jieding calibrate` and the vision process say to each other: any header is refused, or
// understood so that it can be said again in the same words.
#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "vision/calibration.hpp"

namespace {

namespace json = boost::json;
namespace wire = jieding::vision::wire;

/// Boost.JSON reads numbers fast, and not to the last bit.
bool is_same(double one, double other) {
  return std::abs(one - other) <= 1e-12 * std::max(std::abs(one), std::abs(other));
}

bool is_same(const json::value& one, const json::value& other) {
  if (one.is_number() && other.is_number())
    return is_same(one.to_number<double>(), other.to_number<double>());
  if (const json::array* a = one.if_array(); a && other.is_array())
    return std::equal(a->begin(), a->end(), other.as_array().begin(), other.as_array().end(),
                      [](const auto& x, const auto& y) { return is_same(x, y); });
  if (const json::object* a = one.if_object(); a && other.is_object())
    return std::equal(a->begin(), a->end(), other.as_object().begin(), other.as_object().end(),
                      [](const auto& x, const auto& y) {
                        return x.key() == y.key() && is_same(x.value(), y.value());
                      });
  return one == other;
}

bool is_same(const wire::Message& one, const wire::Message& other) {
  return one.blobs == other.blobs && is_same(json::parse(one.header), json::parse(other.header));
}

template <class Said, class Understand>
void say_again(const Said& said, Understand understand) {
  const wire::Message once = wire::to_message(said);
  const auto again = understand(once);
  if (!again || !is_same(wire::to_message(*again), once)) std::abort();
}

void understand(const wire::Message& message) {
  if (const auto call = wire::to_calibration_call(message))
    say_again(*call, [](const wire::Message& m) { return wire::to_calibration_call(m); });
  if (const auto calibration = wire::to_calibration(message))
    say_again(*calibration, [](const wire::Message& m) { return wire::to_calibration(m); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string header(reinterpret_cast<const char*>(bytes), size);
  understand({header, {}});
  understand({header, {"a picture"}});
  return 0;
}
