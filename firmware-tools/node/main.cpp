#include <sys/prctl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <functional>

#include "config/words.hpp"
#include "firmware-tools/node/commands.hpp"
#include "firmware-tools/program.hpp"

namespace {

using namespace jieding;
namespace node = tools::node;
namespace image = tools::image;

std::string wrong_duration(const std::string& text) {
  return config::parse_duration(text) ? "" : "write a duration such as 500ms, 10s, 2m, 1h";
}
std::string wrong_hash(const std::string& text) {
  const bool is_hex = text.find_first_not_of("0123456789abcdef") == std::string::npos;
  return is_hex && text.size() >= 4 && text.size() <= 128 ? "" : "write 4 or more hex digits";
}

/// What is read once all of the line is known.
struct Words {
  std::string answer_within, back_within, vendor, board;
  int end_with = 0;
};

/// Two of us at one node would be one too many: whoever started this may be killed, start again and
/// start another one.
Result<void> end_with(pid_t parent) {
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && ::getppid() == parent) return {};
  return Error{Fault::Unavailable, "process " + std::to_string(parent) + " did not start this"};
}

void add_place(CLI::App& app, node::At& at, Words& words) {
  app.add_option("--at", at.place,
                 "where the node is: serial:/dev/ttyUSB0,115200,8N1, tcp:ADDRESS:PORT, "
                 "udp:ADDRESS:1337")
      ->required();
  app.add_option("--answer-within", words.answer_within, "each answer, else asked again (3s)")
      ->check(wrong_duration);
  app.add_option("--back-within", words.back_within,
                 "the node after a reset, and its own confirmation (1m)")
      ->check(wrong_duration);
  app.add_option("--tries", at.patience.tries, "of each question (5)")->check(CLI::Range(1, 1000));
  app.add_option("--end-with", words.end_with,
                 "process that starts this: when it ends, however it ends, so does this")
      ->check(CLI::PositiveNumber);
}

void add_image(CLI::App& command, node::Send& what, Words& words) {
  command.add_option("image", what.image, "signed image (jieding-image)")->required();
  command.add_option("--key", what.keys, "key (PEM, the public half is enough); one must fit")
      ->required()
      ->allow_extra_args(false);
  command.add_option("--min-counter", what.demands.least_counter, "refuse lower security counters");
  command.add_option("--vendor", words.vendor, "the board's maker: domain or UUID");
  command.add_option("--board", words.board, "the board: name (with --vendor) or UUID");
  command.add_flag("--allow-older", what.allow_older,
                   "though the node runs this version or a newer one");
}

Result<void> understand(const Words& words, node::At& at, image::Demands& demands) {
  at.patience.answer = config::parse_duration(words.answer_within).value_or(at.patience.answer);
  at.patience.come_back = config::parse_duration(words.back_within).value_or(at.patience.come_back);
  if (!words.vendor.empty()) demands.vendor = image::vendor_uuid(words.vendor);
  if (words.board.empty()) return {};
  const auto uuid = image::board_uuid(demands.vendor, words.board);
  if (!uuid) return uuid.error();
  demands.board = *uuid;
  return {};
}

int run(int argc, char** argv) {
  CLI::App app{"Update a sensor node that speaks SMP (mcumgr): images, resets, confirmations"};
  app.require_subcommand(1);
  app.set_version_flag("--version", JIEDING_VERSION);
  node::At at;
  Words words;
  add_place(app, at, words);
  std::function<Result<void>()> action;
  const auto on = [&](CLI::App* command, std::function<Result<void>()> what) {
    command->callback([&action, what = std::move(what)] { action = what; });
    return command;
  };

  std::string text = "jieding", hash;
  bool as_json = false, self_confirm = false;
  node::Send send;
  on(app.add_subcommand("echo", "whether the node is there"),
     [&] { return node::echo_text(at, text); })
      ->add_option("text", text, "what it shall say (jieding)")
      ->check([](const std::string& said) {
        return said.size() <= 64 ? std::string() : "at most 64 bytes";
      });
  on(app.add_subcommand("list", "the images that it has"), [&] {
    return node::list_slots(at, as_json);
  })->add_flag("--json", as_json, "as one JSON array");
  add_image(*on(app.add_subcommand("upload", "send an image into the second slot"),
                [&] { return node::upload(at, send); }),
            send, words);
  on(app.add_subcommand("test", "mark an image for the next boot only"),
     [&] { return node::mark_image(at, hash, false); })
      ->add_option("hash", hash, "as `list` shows it, or its beginning")
      ->required()
      ->check(wrong_hash);
  on(app.add_subcommand("confirm", "keep an image for good"),
     [&] { return node::mark_image(at, hash, true); })
      ->add_option("hash", hash, "as `list` shows it; left out: what runs")
      ->check(wrong_hash);
  on(app.add_subcommand("reset", "restart the node"), [&] { return node::reset_node(at); });
  CLI::App* updating =
      on(app.add_subcommand("update", "upload, test, reset, and confirm what came back"), [&] {
        return node::update(at, send, self_confirm ? node::Confirm::ByNode : node::Confirm::ByUs);
      });
  add_image(*updating, send, words);
  updating->add_flag("--self-confirm", self_confirm,
                     "the node confirms by itself; one that does not in its time is reset, so that "
                     "it falls back");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  const auto understood = understand(words, at, send.demands);
  if (!understood) return tools::told("jieding-node", understood) + 1;
  if (words.end_with > 0)
    if (const auto bound = end_with(words.end_with); !bound)
      return tools::told("jieding-node", bound);
  return tools::told("jieding-node", action());
}

}  // namespace

int main(int argc, char** argv) {
  return jieding::tools::guarded("jieding-node", run, argc, argv);
}
