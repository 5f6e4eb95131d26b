#pragma once
// What `jieding-image` can be asked to do.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "firmware-tools/image/make.hpp"
#include "gateway/domain/result.hpp"

namespace jieding::tools::image {

/// With which key, and how, as the command line names it.
struct SignAs {
  std::string key;  ///< file; empty: unsigned
  bool pure = false;
  bool full_key = false;
};

struct Create {
  std::string payload, out;
  Recipe recipe;
  SignAs as;
  bool force = false;  ///< may replace `out`
};
Result<void> create(const Create& what);

struct Sign {
  std::string image, out;
  SignAs as;
  bool force = false;
};
Result<void> sign(const Sign& what);

struct Inspect {
  std::string image;
  bool as_json = false;
};
/// An error where the image cannot be read, or its hash is wrong.
Result<void> inspect(const Inspect& what);

struct Verify {
  std::string image;
  std::vector<std::string> keys;  ///< files
  std::optional<Version> newer_than;
  std::optional<std::uint32_t> least_counter;
  std::optional<Uuid> vendor, board;
  bool as_json = false;
};
Result<void> verify(const Verify& what);

}  // namespace jieding::tools::image
