#pragma once
// The three editions of HJ 212 and in what they differ on the wire. Flag's bits 2 and up tell them
// apart: 0 is HJ/T 212-2005 (withdrawn, still in the field), 1 HJ 212-2017, 2 HJ 212-2025 (in force
// since 2026-01-01).

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace jieding::drivers::hj212 {

enum class Edition : std::uint8_t { Of2005 = 0, Of2017 = 1, Of2025 = 2 };

/// Nothing: an edition that is not written yet.
std::optional<Edition> edition_of(unsigned flag);
std::string_view to_text(Edition edition);

/// Flag of what we send: `bits` are bit 0 (answer wanted) and bit 1 (packets).
unsigned flag_of(Edition edition, unsigned bits);

/// The fields of a data segment before CP.
enum class HeadField : std::uint8_t { Qn, St, Cn, Pw, Mn, Flag, Pnum, Pno, Rf };

/// PNUM and PNO stand behind Flag (2017 §6.3.3, table 3); in 2005 they may stand behind QN.
bool in_order(Edition edition, std::span<const HeadField> fields);

/// RF=1 marks stored data that is sent again (2025).
bool has_retransmission_mark(Edition edition);
/// Encryption of CP for the uploads, CN 2000 to 2999 (2025).
bool may_be_encrypted(Edition edition, std::string_view cn);
/// The factor code of today for a name of 2005; other codes are given back.
std::string_view modern_code(Edition edition, std::string_view code);
/// A data flag: a letter (N F M S D C T B); 2005 has digits for air stations.
bool is_data_flag(Edition edition, std::string_view flag);

}  // namespace jieding::drivers::hj212
