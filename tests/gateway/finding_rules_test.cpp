#include "gateway/milestones/finding_rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace jieding::findings {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr SiteDay first_day = std::chrono::year{2024} / 11 / 8;
const std::string words(64, 'a');
const std::string photo(64, 'b');

Step step(FindingAct act, Owner owner, int day = 0) {
  Step made;
  made.act = act;
  made.owner = owner;
  made.by = "sha256:someone";
  made.said = {first_day + std::chrono::days{day} + std::chrono::hours{4}, TimeQuality::Synced};
  made.text_sha256 = words;
  if (act != FindingAct::SetDue) made.pictures = {photo};
  if (act == FindingAct::SetDue) made.due = first_day + std::chrono::days{30};
  return made;
}

/// One finding; what is decided is kept, as the gateway does.
class FindingRules : public testing::Test {
 protected:
  FindingRules() { finding.place.building = "b1"; }
  FindingStatus take(const Step& next) {
    const auto decision = decide(finding, next, 14);
    refused = decision ? std::optional<Fault>() : decision.error().kind();
    if (!decision) return finding.status;
    if (next.act == FindingAct::Raise) finding.raised = next.said.at;
    finding.status = decision->status;
    finding.due = decision->due;
    return finding.status;
  }
  FindingStatus does(FindingAct act, Owner owner) { return take(step(act, owner)); }
  FindingStatus raise() { return does(FindingAct::Raise, Owner::Group); }

  Finding finding;
  std::optional<Fault> refused;
};

TEST_F(FindingRules, RaisedAnsweredPutRightAndClosed) {
  EXPECT_EQ(raise(), FindingStatus::Open);
  EXPECT_EQ(does(FindingAct::Answer, Owner::Contractor), FindingStatus::Answered);
  EXPECT_EQ(does(FindingAct::PutRight, Owner::Contractor), FindingStatus::PutRight);
  EXPECT_EQ(does(FindingAct::Close, Owner::Group), FindingStatus::Closed);
}

TEST_F(FindingRules, WhatIsNotRightIsSentBackAlsoWhenClosed) {
  raise();
  does(FindingAct::PutRight, Owner::Contractor);
  EXPECT_EQ(does(FindingAct::SendBack, Owner::Group), FindingStatus::Open);
  does(FindingAct::Close, Owner::Group);
  EXPECT_EQ(does(FindingAct::SendBack, Owner::Group), FindingStatus::Open);
}

TEST_F(FindingRules, OnlyTheGroupRaisesSendsBackAndCloses) {
  for (const Owner owner : {Owner::Box, Owner::Contractor, Owner::Operator, Owner::Platform}) {
    finding.status = FindingStatus::None;
    does(FindingAct::Raise, owner);
    EXPECT_EQ(refused, Fault::Refused) << to_text(owner);
    finding.status = FindingStatus::PutRight;
    for (const FindingAct act : {FindingAct::SendBack, FindingAct::Close}) {
      EXPECT_EQ(does(act, owner), FindingStatus::PutRight);
      EXPECT_EQ(refused, Fault::Refused) << to_text(owner) << " " << to_text(act);
    }
  }
}

TEST_F(FindingRules, OnlyTheContractorAnswersAndPutsRight) {
  raise();
  for (const Owner owner : {Owner::Box, Owner::Group, Owner::Operator, Owner::Platform}) {
    for (const FindingAct act : {FindingAct::Answer, FindingAct::PutRight}) {
      EXPECT_EQ(does(act, owner), FindingStatus::Open);
      EXPECT_EQ(refused, Fault::Refused) << to_text(owner) << " " << to_text(act);
    }
  }
}

TEST_F(FindingRules, NothingIsDoneAboutWhatNobodyRaisedOrWhatIsClosed) {
  does(FindingAct::Answer, Owner::Contractor);
  EXPECT_EQ(refused, Fault::Conflict);
  raise();
  does(FindingAct::Close, Owner::Group);
  EXPECT_EQ(does(FindingAct::Answer, Owner::Contractor), FindingStatus::Closed);
  EXPECT_EQ(refused, Fault::Conflict);
  raise();
  EXPECT_EQ(refused, Fault::Conflict);
}

TEST_F(FindingRules, ItIsRaisedAndPutRightWithAPhoto) {
  Step bare = step(FindingAct::Raise, Owner::Group);
  bare.pictures.clear();
  take(bare);
  EXPECT_EQ(refused, Fault::Invalid);
  raise();
  bare = step(FindingAct::PutRight, Owner::Contractor);
  bare.pictures.clear();
  EXPECT_EQ(take(bare), FindingStatus::Open);
  EXPECT_EQ(refused, Fault::Invalid);
}

TEST_F(FindingRules, AnswersAndSendingBackNeedWords) {
  raise();
  Step mute = step(FindingAct::Answer, Owner::Contractor);
  mute.text_sha256.clear();
  take(mute);
  EXPECT_EQ(refused, Fault::Invalid);
  does(FindingAct::Answer, Owner::Contractor);
  mute = step(FindingAct::SendBack, Owner::Group);
  mute.text_sha256.clear();
  EXPECT_EQ(take(mute), FindingStatus::Answered);
  EXPECT_EQ(refused, Fault::Invalid);
}

TEST_F(FindingRules, ItHasAPlace) {
  finding.place = {};
  raise();
  EXPECT_EQ(refused, Fault::Invalid);
  finding.place.words_sha256 = words;
  EXPECT_EQ(raise(), FindingStatus::Open);
}

TEST_F(FindingRules, ItIsDueSomeDaysAfterItIsRaisedByTheCalendarOfTheSite) {
  Step late = step(FindingAct::Raise, Owner::Group);
  late.said.at = first_day + std::chrono::hours{17};  // on the site the next day has begun
  take(late);
  EXPECT_EQ(to_text(*finding.due), "2024-11-23");
}

TEST_F(FindingRules, AnUntrustedClockSetsNoDueDay) {
  Step unsure = step(FindingAct::Raise, Owner::Group);
  unsure.said.quality = TimeQuality::Unsynced;
  take(unsure);
  EXPECT_EQ(finding.status, FindingStatus::Open);
  EXPECT_FALSE(finding.due);
  EXPECT_FALSE(overdue(finding, first_day + std::chrono::days{1000}));
}

TEST_F(FindingRules, OnlyTheOperatorSetsAnotherDueDayAndNoneBeforeItWasRaised) {
  raise();
  does(FindingAct::SetDue, Owner::Contractor);
  EXPECT_EQ(refused, Fault::Refused);
  EXPECT_EQ(does(FindingAct::SetDue, Owner::Operator), FindingStatus::Open);
  EXPECT_EQ(to_text(*finding.due), "2024-12-08");
  Step past = step(FindingAct::SetDue, Owner::Operator);
  past.due = first_day - std::chrono::days{1};
  take(past);
  EXPECT_EQ(refused, Fault::Invalid);
  EXPECT_EQ(to_text(*finding.due), "2024-12-08");
}

TEST_F(FindingRules, ItIsOverdueAfterItsDayUntilItIsPutRight) {
  raise();
  const SiteDay due = *finding.due;
  EXPECT_FALSE(overdue(finding, due));
  EXPECT_TRUE(overdue(finding, due + std::chrono::days{1}));
  does(FindingAct::Answer, Owner::Contractor);
  EXPECT_TRUE(overdue(finding, due + std::chrono::days{1})) << "an answer puts nothing right";
  does(FindingAct::PutRight, Owner::Contractor);
  EXPECT_FALSE(overdue(finding, due + std::chrono::days{1}));
  does(FindingAct::SendBack, Owner::Group);
  EXPECT_TRUE(overdue(finding, due + std::chrono::days{1}));
  does(FindingAct::Close, Owner::Group);
  EXPECT_FALSE(overdue(finding, due + std::chrono::days{1}));
}

TEST_F(FindingRules, ThePageOffersWhatTheTableAllows) {
  EXPECT_THAT(acts_open_to(Owner::Contractor, FindingStatus::Open),
              ElementsAre(FindingAct::Answer, FindingAct::PutRight));
  EXPECT_THAT(acts_open_to(Owner::Group, FindingStatus::PutRight),
              ElementsAre(FindingAct::SendBack, FindingAct::Close));
  EXPECT_THAT(acts_open_to(Owner::Operator, FindingStatus::Closed), IsEmpty());
}

TEST(FindingWords, EachComesBackFromItsText) {
  for (const FindingAct act : finding_acts)
    EXPECT_EQ(finding_act_from_text(to_text(act)), act);
  EXPECT_FALSE(finding_status_from_text("done"));
  EXPECT_FALSE(finding_kind_from_text(""));
}

TEST(SiteDays, BeginAtMidnightOfTheSite) {
  EXPECT_EQ(to_text(site_day(from_rfc3339("2024-11-08T15:59:59Z").value())), "2024-11-08");
  EXPECT_EQ(to_text(site_day(from_rfc3339("2024-11-08T16:00:00Z").value())), "2024-11-09");
  EXPECT_EQ(day_from_text("2024-02-29").value(), SiteDay{std::chrono::year{2024} / 2 / 29});
  for (const char* wrong : {"2023-02-29", "2024-11-8", "08.11.2024", "", "2024-11-08T00:00:00Z"})
    EXPECT_FALSE(day_from_text(wrong)) << wrong;
}

}  // namespace
}  // namespace jieding::findings
