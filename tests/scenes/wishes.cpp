#include "tests/scenes/wishes.hpp"

#include <algorithm>
#include <cstdio>
#include <functional>
#include <stdexcept>

namespace jieding::scenes {
namespace {

struct Option {
  std::string name, values,
      purpose;  // values: "a|b|c" are the only ones allowed, else a word for it
  std::function<void(Wishes&, const std::string&)> set;
};

double number(const std::string& text) {
  std::size_t used = 0;
  const double value = std::stod(text, &used);
  if (used != text.size()) throw std::invalid_argument(text);
  return value;
}

int whole(const std::string& text) {
  return static_cast<int>(number(text));
}

using Word = std::optional<std::string> Wishes::*;
using Number = std::optional<double> Wishes::*;
using Flag = std::optional<bool> Wishes::*;

Option word(std::string name, std::string values, std::string purpose, Word member) {
  return {std::move(name), std::move(values), std::move(purpose),
          [member](Wishes& wishes, const std::string& text) { wishes.*member = text; }};
}

Option amount(std::string name, std::string unit, std::string purpose, Number member) {
  return {std::move(name), std::move(unit), std::move(purpose),
          [member](Wishes& wishes, const std::string& text) { wishes.*member = number(text); }};
}

Option flag(std::string name, std::string purpose, Flag member) {
  return {std::move(name), "yes|no", std::move(purpose),
          [member](Wishes& wishes, const std::string& text) { wishes.*member = text == "yes"; }};
}

void set_size(Wishes& wishes, const std::string& text) {
  if (std::sscanf(text.c_str(), "%dx%d", &wishes.width, &wishes.height) != 2 || wishes.width < 64 ||
      wishes.height < 64)
    throw std::invalid_argument(text);
}

std::vector<Option> all_options() {
  return {
      {"seed", "N", "what is not forced below is drawn from it (1)",
       [](Wishes& w, const std::string& t) { w.seed = std::stoull(t); }},
      {"frames", "N", "pictures (80)",
       [](Wishes& w, const std::string& t) { w.frames = whole(t); }},
      {"size", "WxH", "of a picture (1280x720)", set_size},
      word("kind", "climbing|wrapped|none", "scaffold; none is a bare frame", &Wishes::kind),
      word("net", "green|blue|grey|white|orange", "colour of the net", &Wishes::net),
      amount("offset", "STOREYS", "top of the net above the last slab", &Wishes::offset),
      {"storeys", "N", "planned (6 to 40)",
       [](Wishes& w, const std::string& t) { w.storeys = whole(t); }},
      word("cladding", "net|down|up", "facade behind a net struck from the top, or in the open",
           &Wishes::cladding),
      word("view", "whole|no_roof|no_ground", "what the lens sees of the tower", &Wishes::view),
      amount("yaw", "DEGREES", "camera round the tower, 0 is frontal (-35 to 35)",
             &Wishes::yaw_deg),
      amount("distance", "METRES", "camera to facade", &Wishes::distance_m),
      amount("camera-height", "METRES", "above the ground", &Wishes::camera_height_m),
      word("background", "empty|blocks|behind|beside|rising|hills|trees",
           "only this stands around: low blocks, a finished tower, a second one that rises",
           &Wishes::background),
      flag("fence", "hoarding between camera and tower", &Wishes::fence),
      flag("foreground", "something near the lens: a rail, a branch, a cable", &Wishes::foreground),
      flag("hoist", "hoist mast on the facade", &Wishes::hoist),
      word("condition", "clear|low_sun|overcast|hazy|fog|dense_fog|rain|snow|night|dusk",
           "the light in every picture", &Wishes::condition),
      word("climate", "warm|mild|cold", "cold: snow lies in winter", &Wishes::climate),
      flag("cloud-shadows", "of cumulus on clear days", &Wishes::cloud_shadows),
      word("pace", "even|uneven|stops", "of the works", &Wishes::pace),
      word("series", "phases|even|sparse",
           "when pictures are taken: more around topping out; evenly; ten in eleven weeks",
           &Wishes::series),
      {"storeys-at-start", "N", "the camera comes when these stand",
       [](Wishes& w, const std::string& t) { w.storeys_at_start = whole(t); }},
      {"tell-start", "yes|no", "write storeys_at_start into site.toml (yes)",
       [](Wishes& w, const std::string& t) { w.tell_start = t == "yes"; }},
      amount("sway", "PIXELS", "of the camera from picture to picture", &Wishes::sway_px),
      amount("knock", "PIXELS", "one lasting shift of the camera; 0 for none", &Wishes::knock_px),
      amount("bad-share", "0..1", "share of pictures with truth usable=0", &Wishes::bad_share),
      amount("click-error", "PIXELS", "of the corners in site.toml (1)", &Wishes::click_error_px),
      flag("clock", "date and time written into the picture", &Wishes::clock_in_picture),
  };
}

bool allowed(const Option& option, const std::string& value) {
  if (option.values.find('|') == std::string::npos) return true;
  return ("|" + option.values + "|").find("|" + value + "|") != std::string::npos;
}

}  // namespace

std::vector<std::string> read_wishes(int argc, char** argv, Wishes& wishes) {
  const std::vector<Option> options = all_options();
  std::vector<std::string> rest;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument.rfind("--", 0) != 0) {
      rest.push_back(argument);
      continue;
    }
    const auto option = std::find_if(options.begin(), options.end(),
                                     [&](const Option& o) { return "--" + o.name == argument; });
    if (option == options.end()) throw std::invalid_argument("unknown option " + argument);
    const std::string value = i + 1 < argc ? argv[++i] : "";
    const std::string complaint = argument + " needs " + option->values + ", not '" + value + "'";
    if (!allowed(*option, value)) throw std::invalid_argument(complaint);
    try {
      option->set(wishes, value);
    } catch (const std::logic_error&) {
      throw std::invalid_argument(complaint);
    }
  }
  return rest;
}

std::string wishes_help() {
  std::string text;
  for (const Option& option : all_options()) {
    std::string line = "  --" + option.name + " " + option.values;
    line.resize(std::max<std::size_t>(line.size() + 2, 34), ' ');
    text += line + option.purpose + "\n";
  }
  return text;
}

}  // namespace jieding::scenes
