#include "sync/tlog_tiles.hpp"

#include <gtest/gtest.h>

namespace jieding::sync::tlog {
namespace {

// C2SP tlog-tiles, "Merkle Tree": index 1234067 is encoded as x001/x234/067.
TEST(TlogTiles, ExamplePathOfTheFormat) {
  EXPECT_EQ(path_of({false, 0, 1234067, 256}), "tile/0/x001/x234/067");
  EXPECT_EQ(path_of({true, 0, 0, 12}), "tile/entries/000.p/12");
  EXPECT_EQ(path_of({false, 3, 999, 255}), "tile/3/999.p/255");
  EXPECT_EQ(path_of({false, 1, 1000, 256}), "tile/1/x001/000");
}

// C2SP tlog-tiles, "Partial Tiles": the examples of 70,000 and of 256 leaves.
TEST(TlogTiles, ExampleSizesOfTheFormat) {
  std::vector<Tile> hashes;
  for (const Tile& tile : tiles_of(70'000))
    if (!tile.entries) hashes.push_back(tile);
  ASSERT_EQ(hashes.size(), 273u + 1 + 1 + 1 + 1);
  EXPECT_EQ(hashes[272], (Tile{false, 0, 272, 256}));
  EXPECT_EQ(hashes[273], (Tile{false, 0, 273, 112}));
  EXPECT_EQ(hashes[274], (Tile{false, 1, 0, 256}));
  EXPECT_EQ(hashes[275], (Tile{false, 1, 1, 17}));
  EXPECT_EQ(hashes[276], (Tile{false, 2, 0, 1}));
  EXPECT_EQ(tiles_of(256),
            (std::vector<Tile>{{true, 0, 0, 256}, {false, 0, 0, 256}, {false, 1, 0, 1}}));
  EXPECT_TRUE(tiles_of(0).empty());
}

TEST(TlogTiles, EveryPathIsReadBackAndHasOneSpelling) {
  for (const std::uint64_t index :
       {0ull, 7ull, 999ull, 1000ull, 1234067ull, 18446744073709551615ull})
    for (const unsigned width : {1u, 255u, 256u})
      for (const bool entries : {false, true}) {
        const Tile tile{entries, entries ? 0u : 7u, index, width};
        EXPECT_EQ(tile_from_path(path_of(tile)), tile) << path_of(tile);
      }
}

TEST(TlogTiles, OtherNamesAreNone) {
  for (const char* wrong : {"",
                            "tile",
                            "tile/",
                            "tile/0",
                            "tile/0/",
                            "tile/0/0",
                            "tile/0/00",
                            "tile/0/0000",
                            "tile/00/000",
                            "tile/8/000",
                            "tile/64/000",
                            "tile/-1/000",
                            "tile/0/x000/000",
                            "tile/0/001/000",
                            "tile/0/x001/x000",
                            "tile/0/000.p/0",
                            "tile/0/000.p/256",
                            "tile/0/000.p/01",
                            "tile/0/000.p/",
                            "tile/0/000.p/1/2",
                            "tile/0/000p/1",
                            "tile/entries/0/000",
                            "tile/0/../000",
                            "tile/0/x018/x446/x744/x073/x709/x551/616",
                            "Tile/0/000",
                            "tile/0/000/",
                            "tile/0//000",
                            "tile/0/x999/x999/x999/x999/x999/x999/x999/x999/x999/x999/999"})
    EXPECT_FALSE(tile_from_path(wrong)) << wrong;
}

TEST(TlogTiles, WidthIsThatOfTheTree) {
  EXPECT_EQ(width_in(112, 0, 0), 112u);
  EXPECT_EQ(width_in(256, 0, 0), 256u);
  EXPECT_EQ(width_in(256, 0, 1), 0u);
  EXPECT_EQ(width_in(255, 1, 0), 0u);
  EXPECT_EQ(width_in(0, 0, 0), 0u);
  EXPECT_EQ(width_in(1'000, 0, ~0ull), 0u);
}

TEST(TlogTiles, BundleGivesItsEntriesBack) {
  std::string bundle;
  const std::string longest(most_entry_bytes, 'x');
  append_entry(bundle, "");
  append_entry(bundle, longest);
  append_entry(bundle, "a");
  const Entries read = entries_of(bundle);
  EXPECT_TRUE(read.whole);
  EXPECT_EQ(read.entries, (std::vector<std::string_view>{"", longest, "a"}));
  for (std::size_t cut = 1; cut < 4; ++cut) {
    const Entries torn = entries_of(std::string_view(bundle).substr(0, bundle.size() - cut));
    EXPECT_EQ(torn.entries.size(), 2u);
    EXPECT_EQ(torn.whole, cut == 3) << cut;
  }
}

TEST(TlogTiles, BundleHoldsNoMoreThanATile) {
  std::string bundle;
  for (int i = 0; i < 257; ++i)
    append_entry(bundle, "e");
  EXPECT_EQ(entries_of(bundle).entries.size(), 256u);
  EXPECT_FALSE(entries_of(bundle).whole);
}

}  // namespace
}  // namespace jieding::sync::tlog
