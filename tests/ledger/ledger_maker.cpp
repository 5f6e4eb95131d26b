// Makes random ledgers with our own code, for the verifier of another hand (independent.py).
//   ledger_maker FOLDER COUNT SEED
// FOLDER/N/log is an exported ledger, FOLDER/N/older a checkpoint of its past, and FOLDER/N/fork,
// for every fourth, another ledger signed with the same key that contradicts that checkpoint.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <string>

#include "sync/ledger_export.hpp"
#include "sync/ledger_key.hpp"
#include "sync/state_folder.hpp"
#include "tests/support/good.hpp"

namespace {

namespace fs = std::filesystem;

using namespace jieding;
using namespace jieding::sync;
using jieding::test::good;

using Dice = std::mt19937_64;

const std::string origin = "jieding/hz-demo/gw1";

std::uint64_t below(Dice& dice, std::uint64_t limit) {
  return std::uniform_int_distribution<std::uint64_t>(0, limit - 1)(dice);
}

/// Mostly small, some at the borders of tiles, some of several tiles.
std::uint64_t random_size(Dice& dice) {
  constexpr std::uint64_t borders[] = {2, 3, 255, 256, 257, 511, 512, 513};
  const std::uint64_t kind = below(dice, 10);
  if (kind < 5) return 2 + below(dice, 30);
  if (kind < 7) return borders[below(dice, std::size(borders))];
  return 2 + below(dice, 900);
}

Stamp moment(std::uint64_t index) {
  return {from_rfc3339("2024-11-08T04:13:00Z").value() + std::chrono::minutes(index),
          TimeQuality::Synced};
}

EventDraft random_event(Dice& dice, std::uint64_t index) {
  boost::json::object data{{"what", "started"}, {"number", below(dice, 1u << 30)}};
  data["words"] = std::string(below(dice, 80), static_cast<char>('a' + below(dice, 26)));
  if (below(dice, 5) == 0) data["zh"] = "结顶";
  return {"gateway", moment(index), std::move(data)};
}

/// The state folder of one box.
class Box {
 public:
  explicit Box(fs::path state) : state_(std::move(state)) { good(make_state_folder(state_)); }
  const fs::path& state() const { return state_; }

  void grow(Dice& dice, std::uint64_t events) {
    const auto database = good(Database::open({database_file(state_), {}, false}));
    good(migrate(*database));
    Ledger ledger("hz-demo", "gw1", good(ledger_signer(*database, state_, origin)));
    good(ledger.load(*database));
    auto transaction = good(Transaction::begin(*database));
    for (std::uint64_t i = 0; i < events; ++i, ++size_)
      good(ledger.append(*database, random_event(dice, size_)));
    good(ledger.before_commit(*database));
    good(transaction.commit());
    note_ = good(ledger::last_checkpoint(*database)).note;
  }
  void change_key(bool lost) {
    good(rotate_ledger_key(state_, "hz-demo", "gw1", moment(size_), lost));
    ++size_;
  }
  void export_to(const fs::path& folder) const {
    const auto database = good(Database::open({database_file(state_), {}, false}));
    const VerifierKey key = good(load_signer(key_file(state_), origin)).key();
    good(export_ledger(*database, key, folder));
  }
  const std::string& note() const { return note_; }

 private:
  fs::path state_;
  std::uint64_t size_ = 0;
  std::string note_;
};

void make(const fs::path& folder, Dice& dice, bool with_fork) {
  const std::uint64_t size = random_size(dice);
  const std::uint64_t before = 1 + below(dice, size - 1);
  Box box(folder / "state");
  box.grow(dice, before);
  std::ofstream(folder / "older", std::ios::binary) << box.note();
  if (with_fork) {
    Box other(folder / "fork-state");
    fs::copy_file(key_file(box.state()), key_file(other.state()));
    other.grow(dice, before + below(dice, 20));
    other.export_to(folder / "fork");
    fs::remove_all(other.state());
  }
  if (below(dice, 12) == 0) box.change_key(below(dice, 3) == 0);
  box.grow(dice, size - before);
  box.export_to(folder / "log");
  fs::remove_all(box.state());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "ledger_maker FOLDER COUNT SEED\n";
    return 2;
  }
  Dice dice(std::stoull(argv[3]));
  for (int number = 0; number < std::stoi(argv[2]); ++number) {
    const fs::path folder = fs::path(argv[1]) / std::to_string(number);
    fs::create_directories(folder);
    make(folder, dice, number % 4 == 3);
  }
  return 0;
}
