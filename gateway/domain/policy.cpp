#include "gateway/domain/policy.hpp"

#include <algorithm>

namespace jieding {

const Rule* Policy::rule(std::string_view wanted) const {
  const auto found =
      std::find_if(rules.begin(), rules.end(), [&](const Rule& rule) { return rule.id == wanted; });
  return found == rules.end() ? nullptr : &*found;
}

}  // namespace jieding
