#pragma once
// What every message of vision/wire shares: a JSON object that names its kind.

#include <boost/json.hpp>
#include <cmath>
#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

#include "gateway/domain/result.hpp"
#include "vision/wire.hpp"

namespace jieding::vision::wire {

Error wrong_message(const std::string& what);

/// The header of a message of this kind.
Result<boost::json::object> header_of(const Message& message, std::string_view kind);

/// Boost.JSON's value_to and at() throw on what does not fit: caught here, once.
template <class T, class Read>
Result<T> guarded(Read read) {
  try {
    return read();
  } catch (const std::exception& fault) {
    return wrong_message(fault.what());
  }
}

/// Boost.JSON reads 1e999 as an infinity, which no JSON can say again.
template <class T>
T number(const boost::json::value& value) {
  const T out = boost::json::value_to<T>(value);
  if constexpr (std::is_floating_point_v<T>) {
    if (!std::isfinite(out)) throw std::out_of_range("a number is too large");
  }
  return out;
}

template <class T>
T number(const boost::json::object& object, std::string_view key) {
  return number<T>(object.at(key));
}

inline std::string text(const boost::json::object& object, std::string_view key) {
  return boost::json::value_to<std::string>(object.at(key));
}

}  // namespace jieding::vision::wire
