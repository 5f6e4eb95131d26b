#include "gateway/mirror/picture_list.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <string_view>

#include "gateway/domain/sha256_name.hpp"

namespace jieding::mirror {
namespace {

/// Fields that name pictures. Documents and comments are hashes too, and not for everybody.
constexpr std::array<std::string_view, 4> fields{"picture", "overlay", "evidence", "photos"};

bool names_pictures(std::string_view field) {
  return std::find(fields.begin(), fields.end(), field) != fields.end();
}

}  // namespace

void PictureList::add_name(const std::string& name) {
  if (!is_sha256(name) || names_.size() >= most_) return;
  if (known_.insert(name).second) names_.push_back(name);
}

void PictureList::add_names(const std::vector<std::string>& names) {
  for (const std::string& name : names)
    add_name(name);
}

void PictureList::add_field(const boost::json::value& field) {
  if (const auto* several = field.if_array()) {
    for (const auto& one : *several)
      add_field(one);
  }
  if (const auto* text = field.if_string()) add_name(std::string(*text));
}

void PictureList::add(const boost::json::value& said) {
  if (const auto* list = said.if_array()) {
    for (auto one = list->rbegin(); one != list->rend(); ++one)
      add(*one);
  }
  const auto* object = said.if_object();
  if (object == nullptr) return;
  for (const auto& field : *object) {
    if (names_pictures({field.key().data(), field.key().size()}))
      add_field(field.value());
    else
      add(field.value());
  }
}

}  // namespace jieding::mirror
