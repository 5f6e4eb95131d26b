#pragma once
// Values for what the world does wrong: a function that can fail returns Result<T>.
// Exceptions are for start-up, assertions for our own bugs.

#include <boost/system/result.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace jieding {

/// What kind of trouble it is, so that each door can answer in its own protocol.
enum class Fault {
  Invalid,      ///< the input is wrong; sending it again will not help
  Refused,      ///< no or wrong credentials, or a role that may not
  NotFound,     ///< the thing named does not exist
  Conflict,     ///< contradicts what is already recorded
  TooMuch,      ///< over a rate, size or count limit
  Full,         ///< no room on the disk
  Unavailable,  ///< a part we need is away; try again later
  Internal,     ///< our own failure (database, file system)
};

/// One line that says what, where and what to do, the kind of fault, and where people may be told
/// in their own language, a code of refusal.hpp and the sensor node that it is about.
class Error {
 public:
  Error() = default;  ///< result<void>::error() of a success needs one
  Error(Fault kind, std::string text) : kind_(kind), text_(std::move(text)) {}
  /// `code`: of static storage.
  Error(Fault kind, std::string text, std::string_view code, std::string node = {})
      : kind_(kind), text_(std::move(text)), code_(code), node_(std::move(node)) {}

  Fault kind() const { return kind_; }
  const std::string& text() const { return text_; }
  /// Empty: the kind says it all.
  std::string_view code() const { return code_; }
  /// Its id; empty: it is about no node more than about others.
  const std::string& node() const { return node_; }

  /// The same error seen from one level up: "context: text".
  Error in(std::string_view context) const {
    return Error(kind_, std::string(context) + ": " + text_, code_, node_);
  }

 private:
  Fault kind_ = Fault::Internal;
  std::string text_;
  std::string_view code_;
  std::string node_;
};

/// The commonest: what came in is wrong.
inline Error invalid(std::string text) {
  return {Fault::Invalid, std::move(text)};
}

template <class T>
using Result = boost::system::result<T, Error>;

/// Found by boost::system::result::value() through argument-dependent look-up.
[[noreturn]] inline void throw_exception_from_error(const Error& error,
                                                    const boost::source_location&) {
  throw std::runtime_error(error.text());
}

}  // namespace jieding
