#pragma once
// HJ 212-2025's encryption: SM4-128 in ECB mode without padding over what stands in CP, in blocks
// of 16 bytes; the remainder stays in the clear. Length and checksum are those of the plain
// segment. It hides values from a listener and proves nothing: there is no authentication code.
//
// NOT VERIFIED against the standard's own text or a device: whether blocks go over the wire as they
// are (`raw`) or as two hexadecimal digits a byte (`hex`). With `hex` the declared length may be
// that of the plain segment or that on the wire; both are read.

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/domain/result.hpp"

namespace jieding::drivers::hj212 {

class Sm4Key {
 public:
  /// 16 characters, or 32 hexadecimal digits.
  static Result<Sm4Key> parse(std::string_view text);

  /// Whole blocks only.
  std::string encrypt(std::string_view blocks) const { return run(blocks, true); }
  std::string decrypt(std::string_view blocks) const { return run(blocks, false); }

 private:
  std::string run(std::string_view blocks, bool encrypting) const;
  std::array<unsigned char, 16> bytes_{};
};

/// One key a line, the newest first: while a key is changed the one before still opens.
Result<std::vector<Sm4Key>> read_keys(const std::filesystem::path& file);

enum class WireForm { Raw, Hex };

struct Seal {
  std::vector<Sm4Key> keys;  ///< none: nothing is encrypted
  WireForm form = WireForm::Raw;
};

/// The plain segment, if one of the keys opens it to text whose checksum is `told`.
std::optional<std::string> open(const Seal& seal, std::string_view segment, std::uint16_t told);
/// Bytes on the wire of a segment that begins so (at least `declared` of them) and declares so
/// many.
std::size_t wire_length(const Seal& seal, std::string_view begun, std::size_t declared);
/// A whole frame, as a station sends it.
std::string to_sealed_frame(const Seal& seal, std::string_view segment);

}  // namespace jieding::drivers::hj212
