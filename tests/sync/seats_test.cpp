#include "sync/seats.hpp"

#include "sync/sign_in.hpp"
#include "tests/sync/fixture.hpp"

namespace jieding::sync {
namespace {

using test::good;
using test::minute;

class SeatsTest : public ::testing::Test {
 protected:
  void seat(const std::string& name, const std::string& user, std::int64_t expires) {
    good(sign_in::put_session(*database_, name, {user, "csrf", expires}));
  }
  std::string seats_of(const std::string& user, std::int64_t now) {
    std::string names;
    for (const SeatRow& row : good(seats::sessions(*database_, user, now)))
      names += row.session_sha256 + " ";
    return names;
  }

  test::TempFolder folder_;
  std::unique_ptr<Database> database_ = test::open_migrated(folder_.path());
};

TEST_F(SeatsTest, TheLastPasswordHolds) {
  EXPECT_FALSE(good(seats::password_hash(*database_, "li")));
  good(seats::set_password(*database_, "li", "$argon2id$one"));
  good(seats::set_password(*database_, "li", "$argon2id$two"));
  EXPECT_EQ(good(seats::password_hash(*database_, "li")), "$argon2id$two");
  EXPECT_FALSE(good(seats::password_hash(*database_, "wang")));
}

TEST_F(SeatsTest, OnlyUnexpiredSessionsOfPersonsAreSeats) {
  seat("a", "li", 100);
  seat("b", "li", 200);
  seat("c", "wang", 200);
  seat("d", "", 200);
  EXPECT_EQ(seats_of("li", 50), "b a ");
  EXPECT_EQ(seats_of("li", 100), "b ");
  EXPECT_EQ(good(seats::sessions(*database_, "", 50)).size(), 3U);
}

TEST_F(SeatsTest, TheBookOfTheDoorKeepsTheNewestAndNoMore) {
  good(database_->script("begin"));
  for (int n = 0; n < 5010; ++n)
    good(seats::note(*database_, {minute(n), "sign_in_failed", "", std::to_string(n)}));
  good(database_->script("commit"));
  EXPECT_EQ(test::count(*database_, "door"), 5000);
  const auto newest = good(seats::notes(*database_, 2));
  ASSERT_EQ(newest.size(), 2U);
  EXPECT_EQ(newest[0].peer, "5009");
  EXPECT_EQ(newest[0].at, minute(5009));
}

}  // namespace
}  // namespace jieding::sync
