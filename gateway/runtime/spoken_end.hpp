#pragma once

#include <exception>
#include <string>

#include "gateway/runtime/log.hpp"

namespace jieding {

/// What an exception says, for people.
inline std::string words_of(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& exception) {
    return std::string("exception: ") + exception.what();
  } catch (...) {
    return "exception of an unknown kind";
  }
}

/// For co_spawn in the place of asio::detached, which drops exceptions without a word. `component`
/// is a literal.
inline auto spoken_end(const char* component) {
  return [component](const std::exception_ptr& thrown) {
    if (thrown) log::error(component, words_of(thrown));
  };
}

}  // namespace jieding
