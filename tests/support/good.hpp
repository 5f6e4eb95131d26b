#pragma once
// For programs that measure or make, where a test would expect: what goes wrong ends them.

#include <stdexcept>
#include <utility>

#include "gateway/domain/result.hpp"

namespace jieding::test {

template <class T>
T good(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().text());
  return std::move(*result);
}
inline void good(const Result<void>& result) {
  if (!result) throw std::runtime_error(result.error().text());
}

}  // namespace jieding::test
