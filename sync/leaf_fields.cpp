#include "sync/leaf_fields.hpp"

#include <boost/json/parse.hpp>

namespace jieding::sync {

namespace json = boost::json;

std::string text_in(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  const json::string* text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string() : std::string(text->c_str(), text->size());
}

std::int64_t number_in(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  boost::system::error_code code;
  const auto number = value == nullptr ? 0 : value->to_number<std::int64_t>(code);
  return code ? 0 : number;
}

Result<void> each_leaf(Database& database, std::string_view type, const LeafReader& read) {
  Statement query = database.prepare("select idx, leaf from event order by idx");
  while (query.next()) {
    boost::system::error_code code;
    const json::value leaf = json::parse(query.view(1), code);
    const json::object* object = code ? nullptr : leaf.if_object();
    const json::value* data = object == nullptr ? nullptr : object->if_contains("data");
    if (data == nullptr || !data->is_object())
      return Error{Fault::Internal, "event " + query.text(0) + " cannot be read"};
    if (text_in(*object, "type") != type) continue;
    const auto index = static_cast<std::uint64_t>(query.integer(0));
    if (auto done = read(index, *object, data->get_object()); !done) return done;
  }
  return query.done();
}

}  // namespace jieding::sync
