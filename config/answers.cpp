#include "config/answers.hpp"

#include <algorithm>
#include <array>
#include <sstream>

#include "config/table.hpp"
#include "config/toml_file.hpp"
#include "config/words.hpp"

namespace jieding::config {
namespace {

constexpr std::array<std::string_view, 2> authority_words{"site", "request"};

bool is_name(std::string_view text) {
  constexpr std::string_view allowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:";
  return !text.empty() && text.size() <= 253 && text.front() != '-' &&
         text.find_first_not_of(allowed) == std::string_view::npos;
}

void read_box(Table& root, Answers& answers) {
  auto box = root.table("box");
  if (!box) {
    root.must_have("box", "{ names = [...] }, as a section: [box]");
    return;
  }
  box->must_have("names", "[\"box.example.cn\", \"192.168.1.10\"]");
  if (box->text_list("names", answers.names) &&
      (answers.names.empty() || !std::all_of(answers.names.begin(), answers.names.end(), is_name)))
    box->complain("names", "must be host names or IP addresses, at least one; write them alone");
  if (box->text("listen", answers.listen) && !parse_address(answers.listen))
    box->complain("listen", "no address; write \"HOST:PORT\", such as \"0.0.0.0:8443\"");
  if (const auto word = box->choice("authority", authority_words))
    answers.authority = *word == 0 ? Authority::Site : Authority::Request;
  box->refuse_unknown();
}

/// The file's lines, so that what a person wrote, comments too, stays as it is.
class Lines {
 public:
  explicit Lines(std::string_view text) {
    std::istringstream in{std::string(text)};
    for (std::string line; std::getline(in, line);)
      lines_.push_back(std::move(line));
  }

  /// The lines of [box] stay as a note of how the box was made.
  void put_aside(const toml::table& section) {
    auto last = section.source().begin.line;
    for (const auto& [key, node] : section)
      last = std::max(last, node.source().end.line);
    for (auto line = section.source().begin.line; line <= last && line <= lines_.size(); ++line)
      lines_[line - 1].insert(0, "# ");
  }

  /// Adds keys to a section; false: it is not written as one.
  bool add(const toml::table& root, const std::string& name, const std::string& keys) {
    const toml::table* section = root[name].as_table();
    if (section == nullptr) {
      lines_.push_back("\n[" + name + "]\n" + keys);
      return true;
    }
    const auto line = section->source().begin.line;
    if (line == 0 || line > lines_.size() || section->is_inline()) return false;
    std::string& header = lines_[line - 1];
    if (header.substr(0, name.size() + 2) != "[" + name + "]") return false;
    header += "\n" + keys;
    return true;
  }

  std::string text() const {
    std::string all;
    for (const std::string& line : lines_)
      all += line + "\n";
    return all;
  }

 private:
  std::vector<std::string> lines_;
};

std::string key(std::string_view name, std::string_view value) {
  return std::string(name) + " = \"" + std::string(value) + "\"";
}

/// What the box decides, nobody else may.
void refuse_own(Table& root, const char* section, std::span<const std::string_view> keys) {
  auto table = root.table(section);
  if (!table) return;
  for (const std::string_view name : keys) {
    if (table->has(name))
      table->complain(name, "is decided when the box is made; leave it out, see [box]");
  }
}

void complete(const toml::table& parsed, std::string_view text, Table& root, Answers& answers) {
  constexpr std::array<std::string_view, 1> storage_keys{"state"};
  constexpr std::array<std::string_view, 3> web_keys{"listen", "tls_certificate", "tls_key"};
  refuse_own(root, "storage", storage_keys);
  refuse_own(root, "web", web_keys);
  Lines lines(text);
  if (const toml::table* box = parsed["box"].as_table()) lines.put_aside(*box);
  const std::string web = key("listen", answers.listen) + "\n" +
                          key("tls_certificate", box_certificate) + "\n" + key("tls_key", box_key);
  if (!lines.add(parsed, "storage", key("state", box_state)))
    root.complain("storage", "is not written as a section; write [storage] on a line of its own");
  if (!lines.add(parsed, "web", web))
    root.complain("web", "is not written as a section; write [web] on a line of its own");
  answers.configuration = lines.text();
}

}  // namespace

Result<Answers> read_answers(std::string_view text, const std::filesystem::path& file,
                             Complaints& complaints) {
  Notes notes(file.string());
  Answers answers;
  if (const auto parsed = parse(text, notes)) {
    const Folders folders{file.parent_path(), file.parent_path(), {}};
    Table root(*parsed, "", folders, notes);
    read_box(root, answers);
    complete(*parsed, text, root, answers);
  }
  complaints = notes.complaints();
  if (complaints.empty()) return answers;
  return Error(Fault::Invalid, complaints.front());
}

}  // namespace jieding::config
