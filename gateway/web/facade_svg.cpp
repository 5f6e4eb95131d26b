#include "gateway/web/facade_svg.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "gateway/web/building_words.hpp"
#include "gateway/web/html.hpp"
#include "gateway/web/json_parts.hpp"

namespace jieding::web {
namespace {

namespace json = boost::json;

// All in px, the same as the script's, so that nothing moves when it takes over.
constexpr int gutter = 34;
constexpr int wall = 150;
constexpr int bays = 5;
constexpr int bay = wall / bays;
constexpr int right = 96;
constexpr int sky = 34;
constexpr int earth = 20;
constexpr int edge = gutter + wall;
constexpr int width = edge + right;
constexpr long long most_storeys = 200;

constexpr std::array<std::string_view, 5> bands{"background", "working", "frame", "infilled",
                                                "facade"};

/// The state of each storey, from the ground up.
std::vector<std::string> states_of(const json::value& building) {
  const auto planned =
      std::clamp<long long>(whole(part(building, "storeys_planned")), 0, most_storeys);
  std::vector<std::string> states;
  for (const json::value& band : list(part(building, "estimate"), "bands")) {
    const std::string state = band.is_string() ? std::string(band.as_string()) : std::string();
    states.push_back(std::ranges::find(bands, state) == bands.end() ? "background" : state);
  }
  states.resize(static_cast<std::size_t>(planned), "background");
  return states;
}

std::string px(double value) {
  std::array<char, 16> written{};
  std::snprintf(written.data(), written.size(), "%.4g", value);
  return written.data();
}

std::string rect(std::string_view kind, double x, double y, double wide, double high,
                 std::string_view fill = "") {
  std::string out = "<rect";
  if (!kind.empty()) out.append(" class=\"").append(kind).append("\"");
  if (!fill.empty()) out.append(" fill=\"url(#").append(fill).append(")\"");
  return out + " x=\"" + px(x) + "\" y=\"" + px(y) + "\" width=\"" + px(wide) + "\" height=\"" +
         px(high) + "\"/>";
}

std::string path(std::string_view kind, const std::string& way) {
  return "<path class=\"" + std::string(kind) + "\" d=\"" + way + "\"/>";
}

std::string label(std::string_view kind, double x, double y, const std::string& said) {
  return "<text class=\"" + std::string(kind) + "\" x=\"" + px(x) + "\" y=\"" + px(y) + "\">" +
         escape(said) + "</text>";
}

/// The same opening in each bay, as one path.
std::string in_each_bay(double inset, double y, double wide, double high) {
  std::string way;
  for (int n = 0; n < bays; ++n)
    way += "M" + px(gutter + n * bay + inset) + " " + px(y) + "h" + px(wide) + "v" + px(high) +
           "h-" + px(wide) + "z";
  return way;
}

class Drawing {
 public:
  Drawing(const Words& words, const json::value& building, int number)
      : words_(words),
        building_(building),
        estimate_(part(building, "estimate")),
        net_("net" + std::to_string(number)),
        soil_("soil" + std::to_string(number)),
        states_(states_of(building)),
        count_(static_cast<int>(states_.size())),
        storey_(std::clamp(400 / std::max(1, count_), 7, 24)),
        height_(sky + storey_ * count_ + earth),
        cast_(rounded("storeys")) {}

  std::string svg() const {
    const std::string w = std::to_string(width);
    const std::string h = std::to_string(height_);
    std::string out =
        "<svg class=\"facade\" width=\"" + w + "\" height=\"" + h + "\" viewBox=\"0 0 " + w + " " +
        h + "\" role=\"img\" aria-label=\"" + escape(said()) + "\">" + patterns() +
        rect("soil", 0, ground(), width, earth) + rect("", 0, ground(), width, earth, soil_);
    for (int n = 1; n <= count_; ++n)
      out += storey(n);
    return out + path("ground", "M0 " + px(ground()) + "H" + w) + numbers() + level() + roof() +
           "</svg>";
  }

 private:
  int rounded(std::string_view name) const {
    return static_cast<int>(std::lround(real(part(estimate_, name))));
  }
  int ground() const { return height_ - earth; }
  int top(int n) const { return ground() - n * storey_; }

  /// The drawing in words: storeys of the same state that stand on each other are told together.
  std::string said() const {
    std::string runs;
    for (int low = 1; low <= count_;) {
      int high = low;
      while (high < count_ && states_[high] == states_[low - 1])
        ++high;
      const std::string range = low == high ? words_("building", "storeyOne", {std::to_string(low)})
                                            : words_("building", "storeyRange",
                                                     {std::to_string(low), std::to_string(high)});
      if (!runs.empty()) runs += words_("page", "comma");
      runs += range + words_("page", "colon") + words_("bands", states_[low - 1]);
      low = high + 1;
    }
    const auto [name, state] = sentence_parts(words_, building_);
    return words_("building", "drawing", {name + state, runs});
  }

  std::string patterns() const {
    const auto pattern = [](const std::string& id, std::string_view size, std::string_view kind,
                            std::string_view way) {
      return "<pattern id=\"" + id + "\" width=\"" + std::string(size) + "\" height=\"" +
             std::string(size) + "\" patternUnits=\"userSpaceOnUse\">" +
             path(kind, std::string(way)) + "</pattern>";
    };
    return "<defs>" + pattern(net_, "6", "net-thread", "M0 0L6 6M6 0L0 6") +
           pattern(soil_, "8", "soil-line", "M0 8L8 0") + "</defs>";
  }

  std::string storey(int n) const {
    const std::string& band = states_[static_cast<std::size_t>(n - 1)];
    const double y = top(n);
    const int slab = storey_ >= 14 ? 3 : 2;
    const double room = storey_ - slab;
    if (band == "background") return rect("ghost", gutter + 0.5, y + 0.5, wall - 1, storey_ - 1);
    if (band == "working")
      return rect("net", gutter - 4, y, wall + 8, storey_) +
             rect("", gutter - 4, y, wall + 8, storey_, net_) +
             path("net-rail", "M" + px(gutter - 4) + " " + px(y + 0.75) + "h" + px(wall + 8));
    std::string out = rect("wall wall-" + band, gutter, y, wall, storey_);
    if (band == "frame") {
      out += path("opening", in_each_bay(3, y + slab, bay - 6, room));
    } else {
      const double sill = y + slab + room * 0.2;
      out += path("window window-" + band, in_each_bay(bay * 0.24, sill, bay * 0.52, room * 0.6));
      if (band == "facade" && room > 8) out += path("window-bar", bars(sill, room * 0.6));
    }
    return out + rect("slab slab-" + band, gutter, y, wall, slab);
  }

  static std::string bars(double y, double high) {
    std::string way;
    for (int n = 0; n < bays; ++n)
      way += "M" + px(gutter + n * bay + bay / 2.0) + " " + px(y) + "v" + px(high);
    return way;
  }

  std::string numbers() const {
    constexpr std::array<int, 7> steps{1, 2, 3, 5, 10, 20, 50};
    const auto* found =
        std::ranges::find_if(steps, [this](int step) { return step * storey_ >= 22; });
    const int every = found == steps.end() ? steps.back() : *found;
    std::string out;
    for (int n = every; n <= count_; n += every) {
      const bool near = !estimate_.is_null() && std::abs(n - cast_) * storey_ < 14;
      if (n != cast_ && !near) out += number("storey-number", n);
    }
    return cast_ > 0 ? out + number("storey-number storey-now", cast_) : out;
  }
  std::string number(std::string_view kind, int n) const {
    return label(kind, gutter - 8, top(n) + storey_ / 2.0 + 5, std::to_string(n));
  }

  /// The last cast slab, and how sure it is.
  std::string level() const {
    std::string out;
    if (estimate_.is_null()) return out;
    const int low = rounded("storeys_low");
    const int high = std::min(rounded("storeys_high"), count_);  // more may be built than planned
    if (high > low)
      out +=
          path("interval", "M" + px(edge + 4) + " " + px(top(high)) + "h6V" + px(top(low)) + "h-6");
    if (cast_ <= 0) return out;
    const int y = top(cast_);
    return out + path("level", "M" + px(gutter - 4) + " " + px(y) + "H" + px(edge + 56)) +
           path("level-mark", "M" + px(edge + 17) + " " + px(y - 1) + "l-6 -9h12z") +
           label("level-text", edge + 27, y - 5,
                 words_("building", "castMark", {cast_storeys(words_, estimate_)}));
  }

  std::string roof() const {
    if (!topped_out_confirmed(building_)) return {};
    const std::string y = px(top(count_) - 5);
    const std::string middle = px(gutter + wall / 2.0);
    const std::string wide = px(wall + 6);
    return path("ribbon", "M" + px(gutter - 3) + " " + y + "h" + wide + "v6h-" + wide + "z") +
           path("pole", "M" + middle + " " + y + "v-24") +
           path("ribbon", "M" + middle + " " + px(top(count_) - 29) + "l20 6l-20 6z");
  }

  const Words& words_;
  const json::value& building_;
  const json::value& estimate_;
  std::string net_;
  std::string soil_;
  std::vector<std::string> states_;
  int count_;
  int storey_;
  int height_;
  int cast_;
};

}  // namespace

std::string facade_svg(const Words& words, const json::value& building, int number) {
  return Drawing(words, building, number).svg();
}

}  // namespace jieding::web
