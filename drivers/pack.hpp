#pragma once
// What a device pushes at once, over HTTP or MQTT: SenML (senml.hpp) or plain JSON
// (plain_json.hpp), told apart by its shape.

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "config/config.hpp"
#include "drivers/plain_json.hpp"
#include "drivers/senml.hpp"

namespace jieding::drivers::pack {

inline constexpr std::size_t longest_body = std::size_t{256} * 1024;
inline constexpr std::size_t deepest = 4;

enum class Form { SenmlOnly, Either };

/// The readings of one pack. Invalid: it is neither of the two; Refused: it names another device;
/// TooMuch: more than 256 KiB or 2000 readings.
Result<Batch> parse(std::string_view body, Form form, const senml::Sender& sender,
                    const plain_json::Dialect& dialect);

/// From a device's `names` and `units`.
plain_json::Dialect dialect_of(const config::Settings& device);

std::string wrong_names(const config::Settings& device, const config::Config& before);
std::string wrong_units(const config::Settings& device, const config::Config& before);

/// Keys of each `[[device]]` that pushes packs.
inline constexpr std::array device_keys{
    config::Key{"names", config::KeyKind::TextTable, false,
                "the maker's keys in plain JSON: { windspeed = \"wind_speed\", deviceTime = "
                "\"time\", deviceNo = \"\" }; an empty text passes the key over",
                wrong_names},
    config::Key{"units", config::KeyKind::TextTable, false,
                "units of plain JSON that names none, by quantity: { pm10 = \"ug/m3\" }",
                wrong_units},
};

}  // namespace jieding::drivers::pack
