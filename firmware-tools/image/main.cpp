#include <CLI/CLI.hpp>
#include <charconv>
#include <iostream>

#include "firmware-tools/image/commands.hpp"
#include "firmware-tools/program.hpp"

namespace {

using namespace jieding;
namespace image = tools::image;

/// What the command line says in words that are read once all of it is known.
struct Words {
  std::string version, security_counter, newer_than, vendor, board;
  std::vector<std::string> dependencies;
  std::size_t slot_size = 0, max_sectors = 128;
  unsigned align = 1;
};

std::string wrong_version(const std::string& text) {
  const auto version = image::parse_version(text);
  return version ? "" : version.error().text();
}

/// `1:1.2.0`
Result<image::Dependency> parse_dependency(const std::string& text) {
  const Error wrong{Fault::Invalid, "'" + text + "' is no dependency; write IMAGE:VERSION"};
  unsigned number = 0;
  const char* const end = text.data() + text.size();
  const auto [colon, failed] = std::from_chars(text.data(), end, number);
  if (failed != std::errc{} || number > 255 || colon == end || *colon != ':') return wrong;
  const auto version = image::parse_version(std::string(colon + 1, end));
  if (!version) return version.error();
  return image::Dependency{static_cast<std::uint8_t>(number), *version};
}
std::string wrong_dependency(const std::string& text) {
  const auto dependency = parse_dependency(text);
  return dependency ? "" : dependency.error().text();
}

/// A number, or nothing: `auto` or no number.
std::optional<std::uint32_t> parse_counter(const std::string& text) {
  std::uint32_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}
std::string wrong_counter(const std::string& text) {
  return text == "auto" || parse_counter(text) ? "" : "write a number below 2^32, or auto";
}

void add_signing(CLI::App& command, image::SignAs& as, bool required) {
  CLI::Option* key = command.add_option("--key", as.key, "private key (PEM) to sign with");
  if (required) key->required();
  command.add_flag("--pure", as.pure, "sign the image itself, not its hash (Ed25519)")->needs(key);
  command.add_flag("--full-key", as.full_key, "name the key itself, not its hash")->needs(key);
}

void add_board(CLI::App& command, Words& words) {
  command.add_option("--vendor", words.vendor, "the board's maker: domain or UUID");
  command.add_option("--board", words.board, "the board: name (with --vendor) or UUID");
}

void add_create(CLI::App& app, image::Create& what, Words& words) {
  CLI::App* command = app.add_subcommand("create", "make an image of a firmware's binary");
  command->add_option("payload", what.payload, "the binary")->required();
  command->add_option("--out", what.out, "the image")->required();
  command->add_option("--version", words.version, "such as 1.2.3+4")
      ->required()
      ->check(wrong_version);
  command->add_option("--header-size", what.recipe.header_size, "bytes before the binary (512)")
      ->check(CLI::Range(32, 65535));
  command->add_flag("--header-in-payload", what.recipe.header_in_payload,
                    "the binary begins with zeros where the header goes");
  command->add_option("--load-address", what.recipe.load_address, "to run from RAM there");
  command
      ->add_option("--security-counter", words.security_counter,
                   "nodes take no image with a lower one; auto: from the version")
      ->check(wrong_counter);
  command->add_option("--dependency", words.dependencies, "another image it needs, IMAGE:VERSION")
      ->allow_extra_args(false)
      ->check(wrong_dependency);
  command->add_option("--boot-record", what.recipe.component,
                      "add a boot record for this type of component (12 characters)");
  add_board(*command, words);
  add_signing(*command, what.as, false);
  CLI::Option* slot = command->add_option("--slot-size", words.slot_size, "pad to so many bytes")
                          ->check(CLI::Range(std::size_t{1}, image::longest_image));
  command->add_flag("--confirmed", what.recipe.confirmed, "mark it confirmed in the slot")
      ->needs(slot);
  command->add_option("--align", words.align, "bytes that the flash writes at once (1)")
      ->check(CLI::IsMember({1, 2, 4, 8, 16, 32}))
      ->needs(slot);
  command->add_option("--max-sectors", words.max_sectors, "of a slot (128)")
      ->check(CLI::Range(1, 65536))
      ->needs(slot);
  command->add_flag("--force", what.force, "replace the image if it is there");
}

void add_sign(CLI::App& app, image::Sign& what) {
  CLI::App* command = app.add_subcommand("sign", "sign an image, whoever signed it before");
  command->add_option("image", what.image, "the image")->required();
  command->add_option("--out", what.out, "the signed image")->required();
  add_signing(*command, what.as, true);
  command->add_flag("--force", what.force, "replace the signed image if it is there");
}

void add_inspect(CLI::App& app, image::Inspect& what) {
  CLI::App* command = app.add_subcommand("inspect", "say what an image says of itself");
  command->add_option("image", what.image, "the image")->required();
  command->add_flag("--json", what.as_json, "as one JSON object");
}

void add_verify(CLI::App& app, image::Verify& what, Words& words) {
  CLI::App* command = app.add_subcommand("verify", "whether a node may take an image");
  command->add_option("image", what.image, "the image")->required();
  command->add_option("--key", what.keys, "key (PEM, the public half is enough); one must fit")
      ->required()
      ->allow_extra_args(false);
  command->add_option("--newer-than", words.newer_than, "refuse this version and older ones")
      ->check(wrong_version);
  command->add_option("--min-counter", what.least_counter, "refuse lower security counters");
  command->add_flag("--json", what.as_json, "as one JSON object");
  add_board(*command, words);
}

Result<void> read_board(const Words& words, std::optional<image::Uuid>& vendor,
                        std::optional<image::Uuid>& board) {
  if (!words.vendor.empty()) vendor = image::vendor_uuid(words.vendor);
  if (words.board.empty()) return {};
  const auto uuid = image::board_uuid(vendor, words.board);
  if (!uuid) return uuid.error();
  board = *uuid;
  return {};
}

Result<void> read_recipe(const Words& words, image::Recipe& recipe) {
  recipe.version = image::parse_version(words.version).value();
  if (words.security_counter == "auto") {
    recipe.security_counter = image::counter_of(recipe.version);
  } else {
    recipe.security_counter = parse_counter(words.security_counter);
  }
  for (const std::string& each : words.dependencies)
    recipe.dependencies.push_back(parse_dependency(each).value());
  if (words.slot_size > 0)
    recipe.slot = image::Slot{words.slot_size, words.align, words.max_sectors};
  return read_board(words, recipe.vendor, recipe.board);
}

int run(int argc, char** argv) {
  CLI::App app{"Make, sign, look at and verify images of sensor nodes (MCUboot)"};
  app.require_subcommand(1);
  app.set_version_flag("--version", JIEDING_VERSION);
  Words words;
  image::Create create;
  image::Sign sign;
  image::Inspect inspect;
  image::Verify verify;
  add_create(app, create, words);
  add_sign(app, sign);
  add_inspect(app, inspect);
  add_verify(app, verify, words);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  if (!words.newer_than.empty()) verify.newer_than = image::parse_version(words.newer_than).value();
  const auto understood = app.got_subcommand("create")
                              ? read_recipe(words, create.recipe)
                              : read_board(words, verify.vendor, verify.board);
  if (!understood) {
    std::cerr << "jieding-image: " << understood.error().text() << '\n';
    return 2;
  }
  const auto done = app.got_subcommand("create")    ? image::create(create)
                    : app.got_subcommand("sign")    ? image::sign(sign)
                    : app.got_subcommand("inspect") ? image::inspect(inspect)
                                                    : image::verify(verify);
  return tools::told("jieding-image", done);
}

}  // namespace

int main(int argc, char** argv) {
  return jieding::tools::guarded("jieding-image", run, argc, argv);
}
