#include "vision/state_blob.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace jieding::vision {
namespace {

TEST(StateBlob, ComesBackAsWritten) {
  BlobWriter out;
  out.put(std::uint32_t{7});
  out.put(std::string_view("结顶"));
  out.put(std::vector<double>{1.5, -2});
  out.put(std::vector<float>{0.25F});
  const std::string sealed = out.seal();
  BlobReader in(sealed);
  EXPECT_EQ(in.get<std::uint32_t>(), 7U);
  EXPECT_EQ(in.get_text(100), "结顶");
  EXPECT_EQ(in.get_numbers(100), (std::vector<double>{1.5, -2}));
  EXPECT_EQ(in.get_numbers<float>(100), std::vector<float>{0.25F});
  EXPECT_TRUE(in.ok() && in.at_end());
}

TEST(StateBlob, EveryDamagedByteIsNoticed) {
  BlobWriter out;
  out.put(std::vector<double>{1, 2, 3});
  const std::string sealed = out.seal();
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string damaged = sealed;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
    EXPECT_FALSE(BlobReader(damaged).ok()) << i;
    EXPECT_FALSE(BlobReader(sealed.substr(0, i)).ok()) << i;
  }
}

TEST(StateBlob, LengthsBeyondTheBoundGiveNothing) {
  BlobWriter out;
  out.put(std::uint32_t{0xFFFFFFFF});
  const std::string sealed = out.seal();
  BlobReader text(sealed), numbers(sealed);
  EXPECT_EQ(text.get_text(10), "");
  EXPECT_FALSE(text.ok());
  EXPECT_TRUE(numbers.get_numbers(1U << 31U).empty());
  EXPECT_FALSE(numbers.ok());
}

TEST(StateBlob, OnlySharesThatAreOneTogetherAreADistribution) {
  EXPECT_TRUE(is_distribution(std::vector<double>{0.25, 0, 0.75}));
  EXPECT_TRUE(is_distribution(std::vector<float>(1000, 0.001F))) << "but for rounding";
  EXPECT_FALSE(is_distribution(std::vector<double>{}));
  EXPECT_FALSE(is_distribution(std::vector<double>{0.5, 0.4}));
  EXPECT_FALSE(is_distribution(std::vector<double>{1.5, -0.5}));
  EXPECT_FALSE(is_distribution(std::vector<double>{1, std::numeric_limits<double>::quiet_NaN()}));
}

}  // namespace
}  // namespace jieding::vision
