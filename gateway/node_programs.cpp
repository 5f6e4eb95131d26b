#include "gateway/node_programs.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <charconv>

#include "gateway/domain/refusal.hpp"
#include "gateway/runtime/program.hpp"

namespace jieding {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr auto longest_look = 30s;  // at an image
constexpr auto longest_echo = 30s;
constexpr auto longest_update = 2h;  // 16 MiB at 115200 baud take 35 minutes
constexpr std::size_t longest_reason = 200;

std::string text_of(std::chrono::milliseconds duration) {
  return std::to_string(duration.count()) + "ms";
}

/// The last line, without the names before it that the reader knows; printable, and no longer than
/// an event may say.
std::string reason_in(std::string output, std::initializer_list<std::string> known) {
  while (!output.empty() && output.back() == '\n')
    output.pop_back();
  std::string line = output.substr(output.rfind('\n') + 1);
  for (const std::string& name : known)
    if (line.starts_with(name + ": ")) line.erase(0, name.size() + 2);
  std::erase_if(line, [](char c) { return c < 0x20 || c > 0x7E; });
  line.resize(std::min(line.size(), longest_reason));
  return line.empty() ? "without a word" : line;
}

/// Which of the refusals of an image `jieding-image verify --json` prints; empty: none of them.
std::string_view code_in(const std::string& output) {
  constexpr std::array codes{refusal::image_damaged, refusal::image_signature, refusal::image_board,
                             refusal::image_counter};
  boost::system::error_code wrong;
  const json::value said = json::parse(output, wrong);
  const json::object* object = wrong ? nullptr : said.if_object();
  const json::value* code = object == nullptr ? nullptr : object->if_contains("code");
  if (code == nullptr || !code->is_string()) return {};
  const auto known = std::ranges::find(codes, std::string_view(code->get_string()));
  return known == codes.end() ? std::string_view() : *known;
}

void add_demands(std::vector<std::string>& words, const config::Node& node,
                 std::optional<std::uint32_t> least_counter) {
  words.insert(words.end(), {"--key", node.key.string()});
  if (least_counter) words.insert(words.end(), {"--min-counter", std::to_string(*least_counter)});
  if (!node.vendor.empty()) words.insert(words.end(), {"--vendor", node.vendor});
  if (!node.board.empty()) words.insert(words.end(), {"--board", node.board});
}

/// `4096 of 65536 bytes, ...`; -1: it is another line.
int percent_in(std::string_view line) {
  std::uint64_t has = 0, of = 0;
  const auto first = std::from_chars(line.data(), line.data() + line.size(), has);
  constexpr std::string_view between = " of ";
  line.remove_prefix(static_cast<std::size_t>(first.ptr - line.data()));
  if (first.ec != std::errc() || !line.starts_with(between)) return -1;
  line.remove_prefix(between.size());
  const auto second = std::from_chars(line.data(), line.data() + line.size(), of);
  if (second.ec != std::errc() || of == 0 || has > of) return -1;
  return static_cast<int>(has * 100 / of);
}

bool is_version(std::string_view text) {
  constexpr std::size_t longest_version = 24;  // four numbers
  return !text.empty() && text.size() <= longest_version &&
         text.find_first_not_of("0123456789.") == std::string_view::npos;
}

/// Of the slots that `jieding-node list --json` prints, the one of the node's own program that
/// runs.
std::optional<NodeRuns> running_in(const std::string& output) {
  boost::system::error_code wrong;
  const json::value said = json::parse(output, wrong);
  const json::array* slots = wrong ? nullptr : said.if_array();
  if (slots == nullptr) return std::nullopt;
  for (const json::value& slot : *slots) {
    const json::object& object = slot.as_object();
    if (object.at("image") != 0 || !object.at("active").as_bool()) continue;
    NodeRuns runs{std::string(object.at("version").as_string()), object.at("confirmed").as_bool()};
    if (is_version(runs.version)) return runs;
  }
  return std::nullopt;
}

}  // namespace

Result<Firmware> NodePrograms::inspect(const std::filesystem::path& image) const {
  const std::string program = folder_ / "jieding-image";
  const auto ended = run_program({program, "inspect", image.string(), "--json"}, longest_look);
  if (!ended) return ended.error();
  if (ended->status != 0)
    return Error{Fault::Conflict,
                 "the image " + reason_in(ended->complaints, {"jieding-image", image.string()}),
                 refusal::image_damaged};
  boost::system::error_code wrong;
  const json::value said = json::parse(ended->output, wrong);
  const json::value* version =
      wrong || !said.is_object() ? nullptr : said.get_object().if_contains("version");
  if (version == nullptr || !version->is_string())
    return Error{Fault::Internal, program + " says of the image what cannot be read"};
  Firmware firmware;
  firmware.version = std::string(version->get_string());
  if (const json::value* counter = said.get_object().if_contains("security_counter"))
    firmware.security_counter = counter->to_number<std::uint32_t>(wrong);
  return firmware;
}

Result<void> NodePrograms::verify(const std::filesystem::path& image, const config::Node& node,
                                  std::optional<std::uint32_t> least_counter) const {
  std::vector<std::string> words{folder_ / "jieding-image", "verify", image.string(), "--json"};
  add_demands(words, node, least_counter);
  const auto ended = run_program(words, longest_look);
  if (!ended) return ended.error();
  if (ended->status == 0) return {};
  return Error{Fault::Conflict,
               "the image " + reason_in(ended->complaints, {"jieding-image", image.string()}),
               code_in(ended->output), node.id};
}

std::vector<std::string> NodePrograms::ask_node(const config::Node& node) const {
  return {folder_ / "jieding-node",
          "--at",
          node.at,
          "--answer-within",
          text_of(node.answer_within),
          "--back-within",
          text_of(node.back_within),
          "--end-with",
          std::to_string(::getpid())};
}

Result<void> NodePrograms::echo(const config::Node& node) const {
  std::vector<std::string> words = ask_node(node);
  words.insert(words.end(), {"--tries", "2", "echo"});
  const auto ended = run_program(words, longest_echo);
  if (!ended) return ended.error();
  if (ended->status == 0) return {};
  return Error{Fault::Unavailable, reason_in(ended->complaints, {"jieding-node", node.at})};
}

Result<NodeRuns> NodePrograms::runs(const config::Node& node, std::stop_token stop) const {
  std::vector<std::string> words = ask_node(node);
  words.insert(words.end(), {"--tries", "2", "list", "--json"});
  ProgramWatch watch;
  watch.stop = std::move(stop);
  const auto ended = run_program(words, longest_echo, watch);
  if (!ended) return ended.error();
  if (ended->status != 0)
    return Error{Fault::Unavailable, reason_in(ended->complaints, {"jieding-node", node.at})};
  if (auto runs = running_in(ended->output)) return *runs;
  return Error{Fault::Invalid, "the node names no version that it runs"};
}

Result<void> NodePrograms::update(const std::filesystem::path& image, const config::Node& node,
                                  const UpdateTerms& terms,
                                  const std::function<void(const UpdateNews&)>& hear,
                                  std::stop_token stop) const {
  std::vector<std::string> words = ask_node(node);
  words.insert(words.end(), {"update", image.string()});
  add_demands(words, node, terms.least_counter);
  if (terms.allow_older) words.emplace_back("--allow-older");
  if (node.self_confirm) words.emplace_back("--self-confirm");
  ProgramWatch watch;
  watch.stop = std::move(stop);
  watch.line = [&hear](std::string_view line) {
    const auto step = node_step_from_text(line);
    const int percent = percent_in(line);
    if (step || percent >= 0) hear({step, std::max(percent, 0)});
  };
  const auto ended = run_program(words, longest_update, watch);
  if (!ended) return ended.error();
  if (ended->status == 0) return {};
  return Error{Fault::Unavailable,
               reason_in(ended->complaints, {"jieding-node", node.at, image.string()})};
}

std::filesystem::path programs_folder() {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path();
}

}  // namespace jieding
