#include "drivers/hj212_join.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace jieding::drivers::hj212 {
namespace {

bool same(const Part& a, const Part& b) {
  return a.at == b.at && a.packets == b.packets && a.cn == b.cn && a.device == b.device;
}

/// `2, 4, 7`, the first few.
std::string missing_numbers(const std::vector<bool>& committed) {
  constexpr int most = 8;
  std::string text;
  int named = 0;
  for (std::size_t i = 0; i < committed.size(); ++i) {
    if (committed[i]) continue;
    if (named == most) return text + " ...";
    text += (named++ == 0 ? "" : ", ") + std::to_string(i + 1);
  }
  return text;
}

}  // namespace

void Joiner::begin(const Part& part, Time now) {
  make_room(touch(part, now));
}

std::vector<std::string> Joiner::commit(const Part& part, std::string unanswered, bool whole,
                                        Time now) {
  Set& set = touch(part, now);
  const auto index = static_cast<std::size_t>(part.packet - 1);
  if (!set.committed[index]) {
    set.committed[index] = true;
    --set.missing;
  }
  const bool is_due = !whole || set.missing == 0;
  auto due = is_due ? std::exchange(set.unanswered, {}) : std::vector<std::string>{};
  auto& answers = is_due ? due : set.unanswered;
  if (!unanswered.empty() &&
      std::find(answers.begin(), answers.end(), unanswered) == answers.end()) {
    answers.push_back(std::move(unanswered));
  }
  weigh(set);
  make_room(set);
  return due;
}

std::optional<Instant> Joiner::time_of(std::string_view device, std::string_view cn,
                                       int packets) const {
  const auto of_device = sets_.find(device);
  if (of_device == sets_.end()) return std::nullopt;
  const Sets& sets = of_device->second;
  const auto found = std::find_if(sets.rbegin(), sets.rend(), [&](const Set& set) {
    return set.missing > 0 && set.part.packets == packets && set.part.cn == cn;
  });
  if (found == sets.rend()) return std::nullopt;
  return found->part.at;
}

std::vector<Incomplete> Joiner::give_up(Time now) {
  for (auto& [device, sets] : sets_) {
    while (!sets.empty() && sets.front().last + limits_.patience <= now)
      drop(sets, sets.begin());
  }
  return std::exchange(dropped_, {});
}

std::vector<Incomplete> Joiner::give_up_all() {
  return give_up(Time::max());
}

std::size_t Joiner::open() const {
  std::size_t count = 0;
  for (const auto& [device, sets] : sets_)
    count += sets.size();
  return count;
}

/// The part's set, made where there is none, now the one heard of last.
Joiner::Set& Joiner::touch(const Part& part, Time now) {
  Sets& sets = sets_[part.device];
  auto set = std::find_if(sets.begin(), sets.end(),
                          [&](const Set& each) { return same(each.part, part); });
  if (set == sets.end()) {
    Set& made = sets.emplace_back();
    made.part = part;
    made.committed.resize(static_cast<std::size_t>(part.packets));
    made.missing = part.packets;
    weigh(made);
    set = std::prev(sets.end());
  }
  set->last = now;
  sets.splice(sets.end(), sets, set);
  return *set;
}

void Joiner::weigh(Set& set) {
  bytes_ -= set.bytes;
  set.bytes = sizeof(Set) + set.committed.size() / 8;
  for (const std::string& each : set.unanswered)
    set.bytes += sizeof(std::string) + each.capacity();
  bytes_ += set.bytes;
}

/// Whole ones go first: they are only kept to answer a part that is sent again.
Joiner::Sets::iterator Joiner::first_to_go(Sets& sets, const Set& keep) {
  auto oldest = sets.end();
  for (auto set = sets.begin(); set != sets.end(); ++set) {
    if (&*set == &keep) continue;
    if (set->missing == 0) return set;
    if (oldest == sets.end()) oldest = set;
  }
  return oldest;
}

void Joiner::make_room(const Set& keep) {
  Sets& own = sets_[keep.part.device];
  if (own.size() > limits_.sets_by_device) drop(own, first_to_go(own, keep));
  for (auto device = sets_.begin(); bytes_ > limits_.bytes && device != sets_.end(); ++device) {
    Sets& sets = device->second;
    for (auto set = first_to_go(sets, keep); bytes_ > limits_.bytes && set != sets.end();
         set = first_to_go(sets, keep)) {
      drop(sets, set);
    }
  }
}

void Joiner::drop(Sets& sets, Sets::iterator set) {
  if (set->missing > 0) {
    const Part& part = set->part;
    dropped_.push_back({part.device, "CN " + part.cn + " of " + to_rfc3339(part.at) + ": of " +
                                         std::to_string(part.packets) + " parts PNO " +
                                         missing_numbers(set->committed) +
                                         " has not come since the start; the others are stored"});
  }
  bytes_ -= set->bytes;
  sets.erase(set);
}

}  // namespace jieding::drivers::hj212
