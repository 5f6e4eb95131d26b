// What the ledger costs as it grows: appending (rows, hashes and a signature for each event,
// without fsync), a proof of any leaf, the check at start, and the check of an exported folder.
//   ledger_scale [leaves = 1000000] [exported = 100000]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <vector>

#include "sync/ledger_audit.hpp"
#include "sync/ledger_check.hpp"
#include "sync/ledger_export.hpp"
#include "sync/tlog_proof.hpp"
#include "tests/support/good.hpp"
#include "tests/support/mosquitto.hpp"

namespace {

using namespace jieding;
using namespace jieding::sync;
using jieding::test::good;
using Clock = std::chrono::steady_clock;

constexpr int parts = 10;

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

EventDraft event(std::uint64_t index) {
  return {"milestone",
          {Instant(std::chrono::seconds(1'731'039'180 + index)), TimeQuality::Synced},
          {{"building", "b1"},
           {"milestone", "storey_cast"},
           {"storey", index % 18 + 1},
           {"act", "propose"},
           {"owner", "box"},
           {"by", "mast"},
           {"named_at", "2024-11-08"},
           {"status", "candidate"},
           {"evidence", boost::json::array{std::string(64, 'a')}}}};
}

std::unique_ptr<Database> open(const std::filesystem::path& folder) {
  auto database = good(Database::open({folder / "jieding.db", {}, false}));
  good(migrate(*database));
  return database;
}

/// As the journal does it, with as many events in a commit as there are writers.
void append(Database& database, Ledger& ledger, std::uint64_t from, std::uint64_t count,
            std::uint64_t group) {
  for (std::uint64_t i = from; i < from + count; i += group) {
    auto transaction = good(Transaction::begin(database));
    for (std::uint64_t k = i; k < std::min(i + group, from + count); ++k) {
      ledger.writer_begins();
      good(ledger.append(database, event(k)));
    }
    good(ledger.before_commit(database));
    good(transaction.commit());
    ledger.committed();
  }
}

void measure_growth(Database& database, Ledger& ledger, std::uint64_t leaves) {
  for (int part = 0; part < parts; ++part) {
    const std::uint64_t each = leaves / parts;
    const auto start = Clock::now();
    append(database, ledger, static_cast<std::uint64_t>(part) * each, each, 1);
    std::printf("append %8llu to %8llu: %.1f us an event\n",
                static_cast<unsigned long long>(static_cast<std::uint64_t>(part) * each),
                static_cast<unsigned long long>(static_cast<std::uint64_t>(part + 1) * each),
                milliseconds_since(start) * 1000 / static_cast<double>(each));
  }
}

void measure_proofs(Database& database, std::uint64_t leaves, const VerifierKey& key) {
  std::mt19937_64 dice(1);
  std::vector<double> times;
  const SignedCheckpoint head = good(ledger::last_checkpoint(database));
  for (int i = 0; i < 1000; ++i) {
    const std::uint64_t index = dice() % leaves;
    const auto start = Clock::now();
    const std::string leaf = good(ledger::leaf(database, index));
    const tlog::Proof proof{leaf, index, good(ledger::inclusion_proof(database, index, head.size)),
                            head.note};
    const std::string text = tlog::to_text(proof);
    times.push_back(milliseconds_since(start));
    good(tlog::verify(good(tlog::proof_from_text(text)), leaf, key));
  }
  std::sort(times.begin(), times.end());
  std::printf("proof of one leaf of %llu: median %.3f ms, most %.3f ms of 1000\n",
              static_cast<unsigned long long>(leaves), times[500], times.back());
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t leaves = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
  const std::uint64_t exported = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 100'000;
  const Signer signer = Signer::from_seed("jieding/hz-demo/gw1", {}).value();
  const VerifierKey key = signer.key();

  const auto small = test::make_folder("jieding-ledger");
  {
    const auto database = open(small);
    Ledger ledger("hz-demo", "gw1", signer);
    good(ledger.load(*database));
    append(*database, ledger, 0, exported, 1);
    auto start = Clock::now();
    good(ledger::check(*database, &key));
    std::printf("check of %llu events in the database: %.0f ms\n",
                static_cast<unsigned long long>(exported), milliseconds_since(start));
    start = Clock::now();
    good(export_ledger(*database, key, small / "out"));
    std::printf("export of %llu events: %.0f ms\n", static_cast<unsigned long long>(exported),
                milliseconds_since(start));
    start = Clock::now();
    good(audit(small / "out", {key.fingerprint(), {}}));
    std::printf("verify of the exported folder: %.0f ms\n", milliseconds_since(start));
  }
  std::filesystem::remove_all(small);

  const auto folder = test::make_folder("jieding-ledger");
  {
    const auto database = open(folder);
    Ledger ledger("hz-demo", "gw1", signer);
    good(ledger.load(*database));
    measure_growth(*database, ledger, leaves);
    measure_proofs(*database, leaves, key);
    const auto start = Clock::now();
    good(ledger::check(*database, &key));
    std::printf("check of %llu events in the database: %.0f ms\n",
                static_cast<unsigned long long>(leaves), milliseconds_since(start));
  }
  std::filesystem::remove_all(folder);
  return 0;
}
