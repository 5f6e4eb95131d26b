#include "gateway/milestones/rules.hpp"

#include <gtest/gtest.h>

#include "gateway/domain/calendar.hpp"
#include "gateway/domain/refusal.hpp"

namespace jieding::milestones {
namespace {

constexpr Instant start = std::chrono::sys_days{std::chrono::year{2024} / 11 / 8};

/// One milestone and the people around it; every word is decided and kept, as the gateway does.
class Site : public testing::Test {
 protected:
  Statement word(Act act, Owner owner, std::string by, int day) const {
    const Instant at = start + std::chrono::days{day};
    return {key, act, owner, std::move(by), at, {at, quality}, {}, {}, {}, 0};
  }
  Status take(const Statement& statement) {
    const auto decision = decide(milestone, statement, terms);
    if (!decision) {
      refused = decision.error().kind();
      code = decision.error().code();
      return milestone.status;
    }
    milestone.status = decision->status;
    milestone.at = decision->at;
    milestone.statements.push_back(statement);
    return milestone.status;
  }
  Status say(Act act, Owner owner, std::string by, int day = 0) {
    Statement statement = word(act, owner, std::move(by), day);
    if (act == Act::Propose || act == Act::Claim) statement.contradicted_by = contradicting;
    return take(statement);
  }
  Status camera_sees(int day = 0) { return say(Act::Propose, Owner::Box, "mast", day); }
  Status contractor_claims(int day = 0) {
    return say(Act::Claim, Owner::Contractor, "office", day);
  }
  Status confirms(std::string who) { return say(Act::Confirm, Owner::Group, std::move(who)); }
  Status disputes(std::string who) { return say(Act::Dispute, Owner::Group, std::move(who)); }

  MilestoneKey key{"b1", "topping_out", 0};
  Milestone milestone{key, Status::None, {}, {}};
  Terms terms;
  std::vector<std::string> contradicting;  ///< devices that contradict now
  TimeQuality quality = TimeQuality::Synced;
  Fault refused = Fault::Internal;
  std::string_view code;
};

TEST_F(Site, CameraAloneStaysCandidate) {
  EXPECT_EQ(camera_sees(), Status::Candidate);
  EXPECT_EQ(camera_sees(1), Status::Candidate);
  EXPECT_EQ(say(Act::Propose, Owner::Box, "second-camera"), Status::Candidate);
}

TEST_F(Site, ContractorAloneStaysCandidate) {
  EXPECT_EQ(contractor_claims(), Status::Candidate);
  EXPECT_EQ(say(Act::Claim, Owner::Contractor, "hoist"), Status::Candidate);
}

TEST_F(Site, TwoOwnersWhoAgreeCorroborate) {
  camera_sees(0);
  EXPECT_EQ(contractor_claims(14), Status::Corroborated);
}

TEST_F(Site, TwoOwnersTooFarApartDoNotCorroborate) {
  camera_sees(0);
  EXPECT_EQ(contractor_claims(15), Status::Candidate);
}

TEST_F(Site, WhatAHoistOrACraneContradictsIsNotCorroborated) {
  camera_sees();
  contradicting = {"crane-1"};
  EXPECT_EQ(contractor_claims(), Status::Candidate);
  milestone.status = Status::None;
  milestone.statements.clear();
  contractor_claims();
  EXPECT_EQ(camera_sees(), Status::Candidate);
}

TEST_F(Site, OnceNothingContradictsTheNextWordCorroborates) {
  camera_sees();
  contradicting = {"crane-1"};
  contractor_claims();
  contradicting.clear();
  EXPECT_EQ(contractor_claims(), Status::Corroborated);
}

TEST_F(Site, AWordThatIsContradictedTakesCorroborationBack) {
  camera_sees();
  contractor_claims();
  contradicting = {"crane-1"};
  EXPECT_EQ(contractor_claims(1), Status::Candidate);
}

TEST_F(Site, WitnessesRaiseNothingAndHoldNobodyUpWhoConfirms) {
  contradicting = {"crane-1"};
  camera_sees();
  EXPECT_EQ(camera_sees(1), Status::Candidate);
  EXPECT_EQ(confirms("wang"), Status::Confirmed) << "people have seen what the crane shows";
  EXPECT_EQ(contractor_claims(), Status::Confirmed);
}

TEST_F(Site, ADisputeKeepsBothViewsUntilItIsResolvedByAnotherEvent) {
  camera_sees();
  confirms("wang");
  EXPECT_EQ(disputes("li"), Status::Disputed);
  EXPECT_EQ(contractor_claims(), Status::Disputed) << "nobody but the group resolves it";
  EXPECT_EQ(camera_sees(2), Status::Disputed);
  EXPECT_EQ(confirms("wang"), Status::Disputed) << "the other still disputes";
  EXPECT_EQ(confirms("li"), Status::Confirmed);
  EXPECT_EQ(milestone.statements.size(), 7u) << "nothing that was said is gone";
  EXPECT_EQ(milestone.statements[2].act, Act::Dispute);
}

TEST_F(Site, TheDayOfTheBoxStands) {
  contractor_claims(3);
  camera_sees(1);
  EXPECT_EQ(milestone.at, start + std::chrono::days{1});
}

TEST_F(Site, TheDayStaysOnceConfirmed) {
  camera_sees(0);
  confirms("wang");
  camera_sees(5);
  EXPECT_EQ(milestone.status, Status::Confirmed);
  EXPECT_EQ(milestone.at, start);
}

TEST_F(Site, QuorumCountsDistinctPeople) {
  terms.quorum = 2;
  camera_sees();
  contractor_claims();
  EXPECT_EQ(confirms("wang"), Status::Corroborated);
  EXPECT_EQ(confirms("wang"), Status::Corroborated);
  EXPECT_EQ(confirms("li"), Status::Confirmed);
}

TEST_F(Site, OneDisputeHoldsUpAConfirmation) {
  camera_sees();
  contractor_claims();
  EXPECT_EQ(disputes("li"), Status::Disputed);
  EXPECT_EQ(confirms("wang"), Status::Disputed);
  EXPECT_EQ(confirms("li"), Status::Confirmed) << "whoever disputed has changed their mind";
}

TEST_F(Site, AConfirmedMilestoneCanBeDisputed) {
  camera_sees();
  confirms("wang");
  EXPECT_EQ(disputes("li"), Status::Disputed);
}

TEST_F(Site, WithdrawnByItsOnlySourceIsWithdrawn) {
  contractor_claims();
  EXPECT_EQ(say(Act::Withdraw, Owner::Contractor, "office"), Status::Withdrawn);
  EXPECT_EQ(camera_sees(), Status::Candidate) << "a source may come back";
}

TEST_F(Site, WithdrawnByOneOfTwoFallsBackToCandidate) {
  camera_sees();
  contractor_claims();
  EXPECT_EQ(say(Act::Withdraw, Owner::Contractor, "office"), Status::Candidate);
}

TEST_F(Site, NobodyConfirmsWhatNobodyPutForward) {
  EXPECT_EQ(confirms("wang"), Status::None);
  EXPECT_EQ(refused, Fault::Conflict);
}

TEST_F(Site, TheContractorMayNotConfirm) {
  camera_sees();
  say(Act::Confirm, Owner::Contractor, "office");
  EXPECT_EQ(milestone.status, Status::Candidate);
  EXPECT_EQ(refused, Fault::Refused);
}

TEST_F(Site, NoConfirmationWhileTheClockIsNotTrusted) {
  camera_sees();
  quality = TimeQuality::Unsynced;
  confirms("wang");
  EXPECT_EQ(milestone.status, Status::Candidate);
  EXPECT_EQ(refused, Fault::Unavailable);
  EXPECT_EQ(code, refusal::clock_untrusted);
}

TEST_F(Site, ADayThatHasNotComeIsRefusedByAClockThatKnows) {
  Statement claim = word(Act::Claim, Owner::Contractor, "office", 0);
  const Instant tomorrow = beginning_of(site_day(claim.said.at) + std::chrono::days{1});
  claim.named_at = tomorrow;
  for (const TimeQuality sure : {TimeQuality::Synced, TimeQuality::Holdover}) {
    claim.said.quality = sure;
    EXPECT_EQ(decide(milestone, claim, terms).error().kind(), Fault::Invalid);
  }
  claim.said.quality = TimeQuality::Unsynced;
  EXPECT_TRUE(decide(milestone, claim, terms)) << "it may be the clock that is wrong";
  claim.said.quality = TimeQuality::Synced;
  claim.named_at = tomorrow - std::chrono::milliseconds{1};
  EXPECT_TRUE(decide(milestone, claim, terms));
}

TEST_F(Site, UnknownMilestonesAndMissingStoreysAreRefused) {
  key.kind = "party";
  camera_sees();
  EXPECT_EQ(refused, Fault::Invalid);
  key.kind = "storey_cast";
  camera_sees();
  EXPECT_EQ(refused, Fault::Invalid);
  key.storey = 3;
  EXPECT_EQ(camera_sees(), Status::Candidate);
}

TEST_F(Site, DocumentaryMilestonesAreNotClaimed) {
  key.kind = "completion_filing";
  contractor_claims();
  EXPECT_EQ(milestone.status, Status::None);
  EXPECT_EQ(refused, Fault::Invalid);
}

/// A milestone that a document shows.
class DocumentedSite : public Site {
 protected:
  DocumentedSite() { key.kind = milestone.key.kind = "completion_filing"; }
  Status records(int day = 0, std::string document = std::string(64, 'd')) {
    Statement statement = word(Act::Record, Owner::Operator, "office", day);
    statement.document_sha256 = std::move(document);
    statement.said.at = now;
    return take(statement);
  }
  Instant now = start + std::chrono::days{30};
};

TEST_F(DocumentedSite, TheOperatorRecordsAndASecondPersonConfirms) {
  EXPECT_EQ(records(3), Status::Recorded);
  EXPECT_EQ(confirms("wang"), Status::Confirmed);
  EXPECT_EQ(milestone.at, start + std::chrono::days{3});
}

TEST_F(DocumentedSite, WhoRecordsDoesNotConfirm) {
  records();
  EXPECT_EQ(say(Act::Confirm, Owner::Operator, "office"), Status::Recorded);
  EXPECT_EQ(refused, Fault::Refused);
}

TEST_F(DocumentedSite, OnlyTheOperatorRecords) {
  for (const Owner owner : {Owner::Contractor, Owner::Group, Owner::Box, Owner::Platform}) {
    Statement statement = word(Act::Record, owner, "somebody", 0);
    statement.document_sha256 = std::string(64, 'd');
    EXPECT_EQ(take(statement), Status::None);
    EXPECT_EQ(refused, Fault::Refused);
  }
}

TEST_F(DocumentedSite, WithoutADocumentNothingIsRecorded) {
  EXPECT_EQ(records(0, ""), Status::None);
  EXPECT_EQ(refused, Fault::Invalid);
}

TEST_F(DocumentedSite, WhatIsOnlySeenIsNotRecorded) {
  key.kind = "topping_out";
  EXPECT_EQ(records(), Status::None);
  EXPECT_EQ(refused, Fault::Invalid);
}

TEST_F(DocumentedSite, TheFutureIsNotRecorded) {
  EXPECT_EQ(records(31), Status::None);
  EXPECT_EQ(refused, Fault::Invalid);
  EXPECT_EQ(code, refusal::in_future);
  EXPECT_EQ(records(30), Status::Recorded) << "today is none";
}

TEST_F(DocumentedSite, NothingIsRecordedWhileTheClockIsNotTrusted) {
  quality = TimeQuality::Unsynced;
  EXPECT_EQ(records(), Status::None);
  EXPECT_EQ(refused, Fault::Unavailable);
  EXPECT_EQ(code, refusal::clock_untrusted);
}

TEST_F(DocumentedSite, ACorrectionCountsOnceItIsConfirmedToo) {
  records(3);
  confirms("wang");
  EXPECT_EQ(records(5), Status::Confirmed);
  EXPECT_EQ(milestone.at, start + std::chrono::days{3}) << "the old day until then";
  EXPECT_EQ(confirms("wang"), Status::Confirmed);
  EXPECT_EQ(milestone.at, start + std::chrono::days{5});
}

TEST_F(DocumentedSite, OneSecondPersonIsEnoughWhateverTheQuorum) {
  terms.quorum = 3;
  records(3);
  EXPECT_EQ(confirms("wang"), Status::Confirmed);
  records(5);
  EXPECT_EQ(milestone.at, start + std::chrono::days{3}) << "nobody has confirmed the correction";
  EXPECT_EQ(confirms("li"), Status::Confirmed);
  EXPECT_EQ(milestone.at, start + std::chrono::days{5});
}

TEST_F(DocumentedSite, WhoRecordedItDoesNotConfirmItInAnotherRoleEither) {
  records(3);
  EXPECT_EQ(confirms("office"), Status::Recorded);
  EXPECT_EQ(refused, Fault::Refused);
  EXPECT_EQ(code, refusal::second_person);
  EXPECT_EQ(confirms("wang"), Status::Confirmed);
}

TEST_F(DocumentedSite, ADisputeHoldsUpARecordUntilItIsResolved) {
  records(3);
  EXPECT_EQ(disputes("li"), Status::Disputed);
  EXPECT_EQ(records(4), Status::Disputed);
  EXPECT_EQ(confirms("wang"), Status::Disputed);
  EXPECT_EQ(confirms("li"), Status::Confirmed);
}

TEST_F(DocumentedSite, TheOperatorMayTakeARecordBack) {
  records();
  EXPECT_EQ(say(Act::Withdraw, Owner::Operator, "office"), Status::Withdrawn);
  EXPECT_EQ(records(1), Status::Recorded);
}

TEST(ActsOpen, ThePageOffersWhatTheTableAllows) {
  EXPECT_EQ(acts_open_to(Owner::Group, Status::Candidate),
            (std::vector<Act>{Act::Confirm, Act::Dispute}));
  EXPECT_TRUE(acts_open_to(Owner::Group, Status::None).empty());
}

}  // namespace
}  // namespace jieding::milestones
