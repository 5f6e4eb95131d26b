#pragma once
// Images made by MCUboot's own imgtool, and what they were made with.

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "firmware-tools/image/make.hpp"
#include "firmware-tools/image/verify.hpp"

namespace jieding::tools::image::test {

inline std::string content_of(const std::string& name) {
  std::ifstream in(JIEDING_SOURCE "/tests/data/mcuboot/" + name, std::ios::binary);
  EXPECT_TRUE(in) << name;
  return {std::istreambuf_iterator<char>(in), {}};
}

inline Key key_of(const std::string& name) {
  return Key::from_pem(content_of("test-only-" + name + ".pem")).value();
}

struct Given {
  std::string file;
  std::string key;  ///< empty: unsigned
  Recipe recipe;
  bool pure = false;
  bool full_key = false;

  std::optional<Signing> signing() const {
    if (key.empty()) return std::nullopt;
    return Signing{key_of(key), pure, full_key};
  }
  Demands demands() const { return {{key_of(key)}, {}, {}, {}, {}}; }
};

inline Recipe recipe_of(Version version, std::optional<std::uint32_t> counter = std::nullopt) {
  Recipe recipe;
  recipe.version = version;
  recipe.security_counter = counter;
  return recipe;
}

inline Recipe padded_recipe() {
  Recipe recipe = recipe_of({1, 3, 0, 0}, counter_of({1, 3, 0, 0}));
  recipe.slot = Slot{131072, 1, 128};
  recipe.confirmed = true;
  return recipe;
}

inline Recipe dependent_recipe() {
  Recipe recipe = recipe_of({1, 1, 0, 0});
  recipe.component = "node";
  recipe.dependencies = {{1, {1, 2, 0, 0}}};
  return recipe;
}

inline std::vector<Given> signed_images() {
  return {{"ed25519-1.2.3+4-sc7.img", "ed25519", recipe_of({1, 2, 3, 4}, 7)},
          {"ed25519-1.3.0-padded-confirmed.img", "ed25519", padded_recipe()},
          {"ed25519-fullkey-1.4.0.img", "ed25519", recipe_of({1, 4, 0, 0}), false, true},
          {"ed25519-pure-2.0.0.img", "ed25519", recipe_of({2, 0, 0, 0}, 8), true, false},
          {"p256-1.0.0.img", "p256", recipe_of({1, 0, 0, 0})},
          {"p256-1.1.0-dependency.img", "p256", dependent_recipe()}};
}

inline Given unsigned_image() {
  return {"unsigned-0.9.0.img", "", recipe_of({0, 9, 0, 0})};
}

}  // namespace jieding::tools::image::test
