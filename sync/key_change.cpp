#include "sync/key_change.hpp"

namespace jieding::sync {
namespace {

namespace json = boost::json;

std::string note_text(const std::string& origin, std::uint64_t index, const std::string& vkey) {
  return "jieding ledger key change\n" + origin + "\n" + std::to_string(index) + "\n" + vkey + "\n";
}

std::string text_at(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains(name);
  const json::string* text = found != nullptr ? found->if_string() : nullptr;
  return text != nullptr ? std::string(*text) : std::string();
}

}  // namespace

Result<json::object> key_change_data(std::uint64_t index, const Signer* old,
                                     const std::string& previous, const Signer& fresh) {
  std::vector<const Signer*> signers{&fresh};
  if (old != nullptr) signers.insert(signers.begin(), old);
  const Result<std::string> note = cosign(note_text(fresh.name(), index, fresh.vkey()), signers);
  if (!note) return note.error();
  return json::object{{"act", old != nullptr ? "rotate" : "lost"},
                      {"previous", previous},
                      {"key", fresh.vkey()},
                      {"note", *note}};
}

std::optional<KeyChange> key_change_of(const json::object& leaf, std::uint64_t index) {
  const json::value* data = leaf.if_contains("data");
  if (text_at(leaf, "type") != "key" || data == nullptr || !data->is_object()) return std::nullopt;
  const json::object& said = data->get_object();
  return KeyChange{index, text_at(said, "act") == "lost", text_at(said, "previous"),
                   text_at(said, "key"), text_at(said, "note")};
}

Result<void> check(const KeyChange& change) {
  const Result<VerifierKey> fresh = parse_vkey(change.key);
  if (!fresh) return fresh.error();
  const Result<std::string> by_fresh = open_note(change.note, *fresh);
  if (!by_fresh) return by_fresh.error();
  if (*by_fresh != note_text(fresh->name, change.index, change.key))
    return Error{Fault::Refused, "its note says something else"};
  if (change.lost) return {};
  const Result<VerifierKey> old = parse_vkey(change.previous);
  if (!old) return old.error();
  const Result<std::string> by_old = open_note(change.note, *old);
  return by_old ? Result<void>() : by_old.error();
}

}  // namespace jieding::sync
