#include "drivers/hj212_edition.hpp"

#include <algorithm>
#include <array>

namespace jieding::drivers::hj212 {
namespace {

struct OldName {
  std::string_view old;
  std::string_view code;
};
// What dust and noise stations of the 2005 edition send; its other codes keep their own names.
constexpr std::array<OldName, 4> old_names{
    {{"PM25", "a34004"}, {"PM10", "a34002"}, {"TSP", "a34001"}, {"NOIS", "LA"}}};

int rank(Edition edition, HeadField field) {
  const auto place = 2 * static_cast<int>(field);
  if (edition != Edition::Of2005) return place;
  if (field == HeadField::Pnum) return 2 * static_cast<int>(HeadField::Qn);
  if (field == HeadField::Pno) return 2 * static_cast<int>(HeadField::Qn) + 1;
  return field == HeadField::Qn ? -1 : place;
}

}  // namespace

std::optional<Edition> edition_of(unsigned flag) {
  const unsigned bits = flag >> 2U;
  if (bits > static_cast<unsigned>(Edition::Of2025)) return std::nullopt;
  return static_cast<Edition>(bits);
}

std::string_view to_text(Edition edition) {
  switch (edition) {
    case Edition::Of2005:
      return "2005";
    case Edition::Of2017:
      return "2017";
    case Edition::Of2025:
      return "2025";
  }
  return {};
}

unsigned flag_of(Edition edition, unsigned bits) {
  return (static_cast<unsigned>(edition) << 2U) | bits;
}

bool in_order(Edition edition, std::span<const HeadField> fields) {
  const auto sorted_as = [&](Edition each) {
    return std::is_sorted(fields.begin(), fields.end(),
                          [&](HeadField a, HeadField b) { return rank(each, a) < rank(each, b); });
  };
  return sorted_as(edition) || sorted_as(Edition::Of2017);
}

bool has_retransmission_mark(Edition edition) {
  return edition == Edition::Of2025;
}

bool may_be_encrypted(Edition edition, std::string_view cn) {
  return edition == Edition::Of2025 && cn.size() == 4 && cn.front() == '2';
}

std::string_view modern_code(Edition edition, std::string_view code) {
  if (edition != Edition::Of2005) return code;
  for (const OldName& name : old_names) {
    if (name.old == code) return name.code;
  }
  return code;
}

bool is_data_flag(Edition edition, std::string_view flag) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (flag.size() <= 4 && std::all_of(flag.begin(), flag.end(), letter)) return true;
  return edition == Edition::Of2005 && flag.size() == 1 && flag[0] >= '0' && flag[0] <= '9';
}

}  // namespace jieding::drivers::hj212
