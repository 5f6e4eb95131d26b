#pragma once
// What the pages that the box writes say, from page/src/words.json: the script has the same words.

#include <initializer_list>
#include <string>
#include <string_view>

namespace jieding::web {

/// `{}` in a pattern is the next of the values, `{1}` the second of them.
std::string fill(std::string_view pattern, std::initializer_list<std::string> values);

class Words {
 public:
  explicit Words(bool english) : english_(english) {}

  bool english() const { return english_; }
  std::string_view lang() const { return english_ ? "en" : "zh-CN"; }

  /// What an id of a group is called; an id without a name stands for itself.
  std::string operator()(std::string_view group, std::string_view id) const;
  /// The same with its places filled in.
  std::string operator()(std::string_view group, std::string_view id,
                         std::initializer_list<std::string> values) const;
  /// Where one of a thing is said otherwise than many: `{} day|{} days`.
  std::string count(std::string_view group, std::string_view id, long long count) const;

 private:
  bool english_;
};

}  // namespace jieding::web
