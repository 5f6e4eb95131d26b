#include "drivers/hj212_join.hpp"

#include <gmock/gmock.h>

namespace jieding::drivers::hj212 {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const Joiner::Time start{};

Part part(int packet, int packets = 3, int hour = 0, const std::string& device = "dust-1") {
  return {device, "2061", Instant{std::chrono::hours{hour}}, packets, packet};
}

struct Hj212Join : testing::Test {
  Joiner joiner{{seconds{600}, 4, 64 * 1024}};
  std::vector<std::string> commit(int packet, const std::string& answer, bool whole) {
    joiner.begin(part(packet), start);
    return joiner.commit(part(packet), answer, whole, start);
  }
};

TEST_F(Hj212Join, EachPartIsAnsweredWhenItIsCommitted) {
  EXPECT_THAT(commit(2, "b", false), ElementsAre("b"));
  EXPECT_THAT(commit(1, "a", false), ElementsAre("a"));
  EXPECT_THAT(commit(2, "b", false), ElementsAre("b"));  // sent again
  EXPECT_THAT(commit(3, "", false), IsEmpty());          // Flag bit 0 was clear
}

TEST_F(Hj212Join, WholeIsAnsweredWhenItIsWhole) {
  EXPECT_THAT(commit(1, "a", true), IsEmpty());
  EXPECT_THAT(commit(1, "a", true), IsEmpty());  // sent again, still not whole
  EXPECT_THAT(commit(3, "c", true), IsEmpty());
  EXPECT_THAT(commit(2, "b", true), ElementsAre("a", "c", "b"));
  EXPECT_THAT(commit(1, "a", true), ElementsAre("a"));  // the answer was lost
}

TEST_F(Hj212Join, OneQnForAllPartsIsAnsweredOnce) {
  EXPECT_THAT(commit(1, "qn", true), IsEmpty());
  EXPECT_THAT(commit(2, "qn", true), IsEmpty());
  EXPECT_THAT(commit(3, "qn", true), ElementsAre("qn"));
}

TEST_F(Hj212Join, IncompleteIsToldOnceAfterItsTime) {
  commit(1, "a", false);
  joiner.begin(part(3), start + seconds{500});
  EXPECT_THAT(joiner.give_up(start + seconds{1000}), IsEmpty());  // heard of 500 s ago
  const auto told = joiner.give_up(start + seconds{1100});
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].device, "dust-1");
  EXPECT_THAT(told[0].detail,
              HasSubstr("of 3 parts PNO 2, 3 has not come"));  // 3 was not committed
  EXPECT_THAT(joiner.give_up(start + seconds{9999}), IsEmpty());
  EXPECT_EQ(joiner.open(), 0U);
  EXPECT_EQ(joiner.bytes(), 0U);
}

TEST_F(Hj212Join, WholeGoesSilently) {
  for (int packet : {1, 2, 3})
    commit(packet, "", false);
  EXPECT_THAT(joiner.give_up(start + seconds{9999}), IsEmpty());
  EXPECT_EQ(joiner.open(), 0U);
}

TEST_F(Hj212Join, StoppingTellsOfAllThatIsNotWhole) {
  commit(1, "a", false);
  EXPECT_EQ(joiner.give_up_all().size(), 1U);
}

TEST_F(Hj212Join, PartsOfOthersAreNotMixed) {
  joiner.commit(part(1, 2, 0, "dust-1"), "", false, start);
  joiner.commit(part(2, 2, 0, "dust-2"), "", false, start);
  joiner.commit(part(2, 2, 1, "dust-1"), "", false, start);
  joiner.commit(part(2, 4, 0, "dust-1"), "", false, start);
  EXPECT_EQ(joiner.give_up_all().size(), 4U);
}

TEST_F(Hj212Join, UndatedPartFollowsTheNewestOpenOne) {
  EXPECT_EQ(joiner.time_of("dust-1", "2061", 3), std::nullopt);
  joiner.begin(part(1, 3, 7), start);
  joiner.begin(part(1, 3, 8), start);
  EXPECT_EQ(joiner.time_of("dust-1", "2061", 3), Instant{std::chrono::hours{8}});
  EXPECT_EQ(joiner.time_of("dust-1", "2051", 3), std::nullopt);
  EXPECT_EQ(joiner.time_of("dust-1", "2061", 2), std::nullopt);
  for (int packet : {1, 2, 3})
    joiner.commit(part(packet, 3, 8), "", false, start);
  EXPECT_EQ(joiner.time_of("dust-1", "2061", 3), Instant{std::chrono::hours{7}});
}

TEST_F(Hj212Join, OneDeviceCannotOpenManySets) {
  std::size_t told = 0;
  for (int hour = 0; hour < 100; ++hour) {
    joiner.begin(part(1, 2, hour), start);
    EXPECT_LE(joiner.open(), 4U);
    told += joiner.give_up(start).size();
  }
  EXPECT_EQ(told, 96U);  // none is lost silently
}

TEST_F(Hj212Join, WholeSetsMakeRoomFirst) {
  joiner.begin(part(1, 2, 0), start);
  for (int hour = 1; hour < 100; ++hour)
    joiner.commit(part(1, 1, hour), "", false, start);
  EXPECT_THAT(joiner.give_up(start), IsEmpty());
  EXPECT_EQ(joiner.give_up_all().size(), 1U);
}

TEST_F(Hj212Join, BytesAreBoundedOverAllDevices) {
  std::size_t told = 0;
  for (int i = 0; i < 2000; ++i) {
    const Part each = part(1, 9999, 0, "dust-" + std::to_string(i));
    joiner.commit(each, std::string(100, 'x'), true, start);
    EXPECT_LE(joiner.bytes(), 64U * 1024);
    told += joiner.give_up(start).size();
  }
  EXPECT_EQ(told + joiner.open(), 2000U);
}

}  // namespace
}  // namespace jieding::drivers::hj212
