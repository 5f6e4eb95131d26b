#pragma once
// Which pictures the page shows, found in what the box says.

#include <boost/json/value.hpp>
#include <string>
#include <unordered_set>
#include <vector>

namespace jieding::mirror {

/// Names of pictures, each once, in the order in which they came; so many at most.
class PictureList {
 public:
  explicit PictureList(std::size_t most) : most_(most) {}

  /// Of `said` and all within, last elements of lists first: they are the newest.
  void add(const boost::json::value& said);
  void add_names(const std::vector<std::string>& names);
  const std::vector<std::string>& names() const { return names_; }

 private:
  void add_name(const std::string& name);
  void add_field(const boost::json::value& field);

  std::size_t most_;
  std::vector<std::string> names_;
  std::unordered_set<std::string> known_;
};

}  // namespace jieding::mirror
