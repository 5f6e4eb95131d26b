#include <gtest/gtest.h>

#include <cstdlib>

#include "drivers/pack.hpp"
#include "tests/drivers/recordings.hpp"

namespace jieding::drivers::test {
namespace {

/// The body of the first request, and what follows it; nothing: no whole request with a length.
std::optional<std::string_view> take_body(std::string_view& rest) {
  constexpr std::string_view name = "Content-Length: ";
  const auto head = rest.find("\r\n\r\n");
  const auto length = rest.find(name);
  if (head == std::string_view::npos || length == std::string_view::npos || length > head) {
    return std::nullopt;
  }
  const std::size_t size =
      std::strtoul(std::string(rest.substr(length + name.size(), 10)).c_str(), nullptr, 10);
  if (rest.size() < head + 4 + size) return std::nullopt;
  const auto body = rest.substr(head + 4, size);
  rest.remove_prefix(head + 4 + size);
  return body;
}

/// The words that the makers of the recorded senders use.
const plain_json::Dialect dialect{{{"windspeed", "wind_speed"},
                                   {"winddirection", "wind_direction"},
                                   {"deviceTime", "time"},
                                   {"deviceNo", ""}},
                                  {{"pm10", "ug/m3"}, {"pm25", "ug/m3"}}};

std::string play_senml(const tools::Recording& recording) {
  const std::string all = said_by_device(recording);
  std::string outcome;
  for (std::string_view rest = all; !rest.empty();) {
    const auto body = take_body(rest);
    if (!body) return outcome + "refused: not a request with its body\n";
    const auto batch =
        pack::parse(*body, pack::Form::Either, {"hz-demo", "hoist-1", received}, dialect);
    outcome += batch ? describe(*batch) : "refused " + batch.error().text() + "\n";
  }
  return outcome;
}

TEST(Recordings, SenmlIsReadAsExpected) {
  play_all("senml", play_senml);
}
TEST(Recordings, PlainJsonIsReadAsExpected) {
  play_all("plain", play_senml);
}

}  // namespace
}  // namespace jieding::drivers::test
